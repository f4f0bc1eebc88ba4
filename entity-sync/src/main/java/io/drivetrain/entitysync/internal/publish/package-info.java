/**
 * From an entity's callbacks to pending messages. {@link
 * io.drivetrain.entitysync.internal.publish.Net} is the decision: what one entity's changes within
 * a transaction amount to. {@link io.drivetrain.entitysync.internal.publish.Publisher} is the shell
 * that listens, remembers watched values and writes through the outbox.
 *
 * <pre>
 *   nothing ──create──► created ──delete──► nothing
 *   nothing ──update──► updated ──delete──► deleted ──create──► replaced ──delete──► deleted
 *   nothing ──delete──► deleted
 * </pre>
 */
package io.drivetrain.entitysync.internal.publish;
