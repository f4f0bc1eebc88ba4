/** The connector {@code drivetrain-test}, and what hears and captures for a test. */
package io.drivetrain.testkitapp.internal;
