/**
 * Entities from one database to another, on real brokers and databases, with nodes that are killed
 * or freeze.
 */
package io.drivetrain.tests.sync;
