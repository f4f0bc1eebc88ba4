/**
 * How fast outboxes are: ours, the bare producer that nothing can beat, loops as others have them,
 * and libraries. Each contender runs in a JVM of its own, on a fresh database, against the same
 * broker and PostgreSQL. {@link io.drivetrain.tests.benchmark.outbox.OutboxBenchmark} begins.
 */
package io.drivetrain.tests.benchmark.outbox;
