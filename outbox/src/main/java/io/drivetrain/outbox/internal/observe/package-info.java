/** What draining tells whatever measures it. */
package io.drivetrain.outbox.internal.observe;
