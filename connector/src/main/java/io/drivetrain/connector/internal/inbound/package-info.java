/**
 * One incoming channel: a poll thread that fetches, lanes that deliver, and between them, under one
 * lock, the pure state of {@code assignment}.
 *
 * <pre>
 *   Channel      lifecycle: starts and stops what follows
 *   PollLoop     the only thread that touches the KafkaConsumer; it polls, and its rooms
 *                Commits, Rebalances and FetchPauses do what their names say
 *   Dispatcher   the one lock of a channel, around its Assignment; taken per run, not per record
 *   Lane         the publisher of one runtime subscription and the thread that delivers to it;
 *                its Courier carries runs to the method, its FailureHandler what failed
 * </pre>
 */
package io.drivetrain.connector.internal.inbound;
