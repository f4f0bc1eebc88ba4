package io.drivetrain.connector.internal.policy;

/**
 * How records go from the poll loop to the lanes. Immutable.
 *
 * @param batches whether the records of a run are one delivery
 * @param runRecords how many records a run has at most; of batches, the batch size
 * @param runBytes how many bytes of keys and values a batch has at most, unless its only record has
 *     more; {@link Long#MAX_VALUE} for no limit
 * @param batchWaitNanos how long an incomplete batch waits for more records
 * @param bufferRecords from how many records in memory on a partition is not fetched
 * @param bufferBytes from how many bytes in memory on a partition is not fetched
 */
public record HandOver(
    boolean batches,
    int runRecords,
    long runBytes,
    long batchWaitNanos,
    int bufferRecords,
    long bufferBytes) {}
