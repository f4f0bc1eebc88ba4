/**
 * Hears Hibernate's own events for entity sync. With this jar in the application,
 * {@code @Published} entities of a Hibernate unit need no {@code @EntityListeners}, and an update
 * is told by what Hibernate found changed.
 */
package io.drivetrain.hibernate;
