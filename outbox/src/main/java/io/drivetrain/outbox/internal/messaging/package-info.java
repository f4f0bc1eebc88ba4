/**
 * The outbox as an outgoing connector of MicroProfile Reactive Messaging, so that a channel becomes
 * transactional by one line of configuration. The only place that knows that API.
 */
package io.drivetrain.outbox.internal.messaging;
