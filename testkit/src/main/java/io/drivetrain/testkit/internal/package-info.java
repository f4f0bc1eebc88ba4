/**
 * The servers behind the testkit: child processes or containers behind one interface, {@link
 * io.drivetrain.testkit.internal.Server}, and what ties their life to that of the tests.
 */
package io.drivetrain.testkit.internal;
