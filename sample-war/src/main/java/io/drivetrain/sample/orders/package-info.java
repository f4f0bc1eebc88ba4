/**
 * Orders as the shop takes them: a JPA entity whose changes reach topic {@code orders} through the
 * outbox, in the transaction that makes them.
 */
package io.drivetrain.sample.orders;
