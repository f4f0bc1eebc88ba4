/**
 * What operators do: {@link io.drivetrain.outbox.internal.admin.Administration} as an API, {@link
 * io.drivetrain.outbox.internal.admin.Command} on the command line. Needs neither Kafka nor a
 * server.
 */
package io.drivetrain.outbox.internal.admin;
