/**
 * What happens at deployment: published entities and entity consumers are found and checked, the
 * persistence unit is compared with the outbox's data source, and the application's publisher is
 * made known to its entity listeners. A mistake fails deployment with one sentence.
 */
package io.drivetrain.entitysync.internal.boot;
