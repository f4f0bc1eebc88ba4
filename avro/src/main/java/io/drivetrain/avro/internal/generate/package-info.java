/**
 * Writes a JPA entity and the migration of its table from a schema: {@code Columns} decides what a
 * field becomes, {@code EntitySource} and {@code Migration} write it down.
 */
package io.drivetrain.avro.internal.generate;
