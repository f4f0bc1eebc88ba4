/**
 * What is assigned to a channel and what becomes of it: which records are handed out next, what
 * pauses, what may be committed. Plain state without threads, clocks or Kafka clients; one lock,
 * that of {@code inbound}'s Dispatcher, guards all of it.
 *
 * <pre>
 *   Assignment   all partitions of a channel, in turns
 *   Partition    why one is not fetched, and its memory; one object per assignment is the epoch
 *   Strands      how its records are cut into strands, and the Ledger of what is done
 *   Schedule     which of its strands delivers next
 *   Strand       records that are done one after another, and the Failure they stand at
 *   Run          records of a strand in the hands of one lane
 *   Attempts     failures remembered while a partition is elsewhere
 * </pre>
 *
 * A strand's life, seen from the lanes:
 *
 * <pre>
 *            received              take                 completed all
 *   (empty) ─────────► waiting ─────────────► in flight ─────────────► (empty) or waiting
 *                         ▲                       │
 *                         │ due, or resumed       │ a record failed
 *                         └───── backing off ◄────┘
 *   partition revoked, lost: draining; what comes back from a lane later is ignored
 * </pre>
 */
package io.drivetrain.connector.internal.assignment;
