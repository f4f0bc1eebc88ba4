/**
 * What the shop's topics carry, as consumers read it: known to those who publish and to those who
 * consume, and knowing neither.
 */
package io.drivetrain.sample.event;
