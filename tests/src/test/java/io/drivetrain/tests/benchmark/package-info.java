/**
 * How fast channels consume, beside a bare consumer and the peer. Never part of {@code verify}; see
 * {@link io.drivetrain.tests.benchmark.ConsumerBenchmark} for the command.
 */
package io.drivetrain.tests.benchmark;
