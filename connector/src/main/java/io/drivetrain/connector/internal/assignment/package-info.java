/**
 * What is assigned to a channel and what becomes of it: which records are handed out next, what
 * pauses, what may be committed. Plain state without threads, clocks or Kafka clients; one lock,
 * that of {@code inbound}'s Dispatcher, guards all of it.
 *
 * <pre>
 *   Assignment   all partitions of a channel, in turns
 *   Partition    its records, its pauses, its memory; one object per assignment is the epoch
 *   Ledger       what is done, and what a commit has to store
 *   Run          consecutive records in the hands of one lane
 *   Failure      what a record failed with, and until when it pauses
 *   Attempts     failures remembered while a partition is elsewhere
 * </pre>
 *
 * A partition's life, seen from the lanes:
 *
 * <pre>
 *            received              take                 completed all
 *   (empty) ─────────► waiting ─────────────► in flight ─────────────► (empty) or waiting
 *                         ▲                       │
 *                         │ due, or resumed       │ a record failed
 *                         └───── backing off ◄────┘
 *   revoked, lost: draining from any state; what comes back from a lane later is ignored
 * </pre>
 */
package io.drivetrain.connector.internal.assignment;
