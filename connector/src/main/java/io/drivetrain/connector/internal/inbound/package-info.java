/**
 * One incoming channel: a poll thread that fetches, lanes that deliver, and between them the pure
 * state of all assigned partitions.
 *
 * <pre>
 *   Channel      lifecycle: starts and stops what follows
 *   PollLoop     the only thread that touches the KafkaConsumer: polls, pauses, commits, rebalances
 *   Dispatcher   the one lock of a channel, around the pure Assignment; taken per run, not per record
 *   Lane         the publisher of one runtime subscription and the thread that delivers to it;
 *                its Courier carries runs to the method, its FailureHandler what failed
 *
 *   Assignment ─ Partition ─ Ledger, Attempts      no threads, clocks, Kafka
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
package io.drivetrain.connector.internal.inbound;
