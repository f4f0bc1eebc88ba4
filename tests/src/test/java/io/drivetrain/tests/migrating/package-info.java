/**
 * What docs/coming-from-smallrye.md says: applications written for {@code smallrye-kafka} and
 * {@code liberty-kafka} that changed nothing but the connector's name.
 */
package io.drivetrain.tests.migrating;
