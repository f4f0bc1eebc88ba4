/** What the outbox's threads tell operators and each other. */
package io.drivetrain.outbox.internal.signal;
