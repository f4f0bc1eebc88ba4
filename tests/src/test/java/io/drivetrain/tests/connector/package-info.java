/**
 * What the connector promises, seen from an application: Weld SE, a real broker, and the records
 * and committed offsets that come out.
 */
package io.drivetrain.tests.connector;
