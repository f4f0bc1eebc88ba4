/**
 * The same scenarios on every runtime: {@link io.drivetrain.tests.conformance.Scenarios} deploy
 * {@link io.drivetrain.tests.conformance.Application}s of the package {@code app} to an {@link
 * io.drivetrain.tests.conformance.AppRuntime} and look at what comes out. Which runtimes and Kafka
 * clients have passed is in docs/conformance.md.
 */
package io.drivetrain.tests.conformance;
