/**
 * Stock and its reservations: a batch consumer of topic {@code orders} that reserves what was
 * ordered, each order once however often its event arrives.
 */
package io.drivetrain.sample.stock;
