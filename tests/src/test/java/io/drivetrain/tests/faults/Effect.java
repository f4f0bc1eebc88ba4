package io.drivetrain.tests.faults;

/**
 * A record was processed.
 *
 * @param partition the record's partition
 * @param offset the record's offset
 * @param key the record's key
 * @param owner who did it: a node, and how often that node had been assigned the partition
 */
record Effect(int partition, long offset, String key, String owner) {}
