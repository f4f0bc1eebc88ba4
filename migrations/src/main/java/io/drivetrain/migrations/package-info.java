/**
 * The tables of the {@code drivetrain} schema as versioned SQL, and the ways to bring a database to
 * the version this build needs: {@link io.drivetrain.migrations.Migrations} for programs, {@link
 * io.drivetrain.migrations.Runner} for the command line, and a start-up hook in {@code internal}
 * for servers. All three run the same SQL under the same lock with the same history table.
 */
package io.drivetrain.migrations;
