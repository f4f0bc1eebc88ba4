/**
 * Avro for the topics that say so ({@code drivetrain.topics.<topic>.codec=avro}); with it on the
 * class path there is nothing to call. {@link io.drivetrain.avro.Schemas} is for builds and tests.
 */
package io.drivetrain.avro;
