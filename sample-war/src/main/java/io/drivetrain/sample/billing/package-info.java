/**
 * Billing, one order at a time, and the switch that breaks it for a customer, so that one can watch
 * a partition pause, back off and heal.
 */
package io.drivetrain.sample.billing;
