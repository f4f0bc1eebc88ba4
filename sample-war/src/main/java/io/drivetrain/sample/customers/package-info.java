/**
 * Customers live in the compacted topic {@code customers}: the page writes records and tombstones
 * there, and an entity consumer keeps the table equal to it.
 */
package io.drivetrain.sample.customers;
