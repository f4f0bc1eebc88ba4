/**
 * What a test of an application on Kafka and PostgreSQL needs: a real broker and a real database
 * that a test may stop, kill and restart, helpers that speak of records and rows, and a way to wait
 * for what happens later. Annotate a test class with {@link io.drivetrain.testkit.UseKafka} or
 * {@link io.drivetrain.testkit.UsePostgres} and take the server as a parameter.
 */
package io.drivetrain.testkit;
