/**
 * The outbox in the database: {@link io.drivetrain.outbox.internal.store.OutboxTable} knows the
 * rows of events, {@link io.drivetrain.outbox.internal.store.LeaseTable} the rows of leases, and
 * nothing else knows a column's name.
 */
package io.drivetrain.outbox.internal.store;
