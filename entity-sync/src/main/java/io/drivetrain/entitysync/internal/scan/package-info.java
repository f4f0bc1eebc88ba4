/**
 * Reads entities' tables and publishes what is there: backfills, once through a table, and pollers,
 * over and over what other programs have changed. Both are a row of the table {@code entity_scan}
 * that says how far they have come. A node works on a scan in steps, each a transaction that locks
 * the scan's row, reads and locks the next entities, publishes them and moves the position:
 *
 * <pre>
 *   due ──row locked──► keys of the next entities ──none──► finished, or waits for its next round
 *                              │ some
 *                              ▼
 *           entities locked, published ──► position moved ──commit──► due again
 *                              │ a lock is taken, a payload is invalid, the database is away
 *                              ▼
 *           rolled back ──► a smaller step, later
 * </pre>
 *
 * <p>The row's lock makes one owner among the nodes: it ends with its connection, and nobody can
 * move a position without it. The entities' locks make the order: whoever changes such an entity
 * waits, and draws its event's number after ours.
 */
package io.drivetrain.entitysync.internal.scan;
