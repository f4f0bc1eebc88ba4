/**
 * Migration at the start of an application: {@link io.drivetrain.migrations.internal.StartUp} hooks
 * into CDI, {@link io.drivetrain.migrations.internal.Attempts} tries until the database answers,
 * and health tells how it went.
 */
package io.drivetrain.migrations.internal;
