/**
 * From {@code publish} to the one INSERT. Events wait in a {@link
 * io.drivetrain.outbox.internal.write.TransactionBuffer} of the caller's transaction and are
 * written just before it commits, after the persistence provider's flush:
 *
 * <pre>
 *  publish ──► COLLECTING ──first beforeCompletion──► POSTPONED ──second one──► DRAINED
 *                  events wait                        events wait               events are written at once
 * </pre>
 *
 * On WildFly the provider's flush is a synchronization in the same list as ours, in the order of
 * registration; so ours moves to the end of the list once, and what comes even later is inserted
 * directly. Both were run on servers; re-registering instead has a hole there.
 */
package io.drivetrain.outbox.internal.write;
