/**
 * The schema registry: four requests of Confluent's REST API, which every registry offers, and what
 * is remembered of their answers.
 */
package io.drivetrain.avro.internal.registry;
