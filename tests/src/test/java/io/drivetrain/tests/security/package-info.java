/**
 * Applications at a broker with guarded doors: every login works from configuration alone, what
 * goes wrong is said clearly, and no secret is ever shown.
 */
package io.drivetrain.tests.security;
