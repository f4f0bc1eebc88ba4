/**
 * Liveness without HTTP: {@link io.drivetrain.connector.internal.liveness.LivenessReporter} touches
 * a file while every channel is alive, {@link io.drivetrain.connector.internal.liveness.Probe}
 * looks at it from another process. The probe and {@link
 * io.drivetrain.connector.internal.liveness.LivenessFile} need nothing but the JDK.
 */
package io.drivetrain.connector.internal.liveness;
