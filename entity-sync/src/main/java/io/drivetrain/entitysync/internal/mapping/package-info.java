/**
 * What an entity's persistent attributes are, read from its annotations, and how values travel
 * between them and a payload. No persistence provider, factory or connection is touched: with
 * EclipseLink merely asking for the metamodel logs in to the database, and a failure there breaks
 * the unit until the server restarts.
 */
package io.drivetrain.entitysync.internal.mapping;
