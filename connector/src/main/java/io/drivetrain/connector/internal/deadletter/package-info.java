/**
 * Records that were given up, and their way back.
 *
 * <pre>
 *   DeadLetterHeaders   what makes a record a dead letter, and what takes that away again
 *   DeadLetterTopic     sends letters and waits until they are stored
 *   Replays             the replays of one channel: a ReplayCall each, which
 *                       reads with a LetterReader, asks ReplayRules, sends, commits behind it
 * </pre>
 */
package io.drivetrain.connector.internal.deadletter;
