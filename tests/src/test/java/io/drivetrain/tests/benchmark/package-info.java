/**
 * How fast, how promptly and with how much CPU channels consume, beside a bare consumer and the
 * peers. Never part of {@code verify}; {@link io.drivetrain.tests.benchmark.Benchmark} has the
 * command. What needs a peer's own classes is in {@code src/benchmark/java}, which only the profile
 * {@code benchmark} compiles.
 */
package io.drivetrain.tests.benchmark;
