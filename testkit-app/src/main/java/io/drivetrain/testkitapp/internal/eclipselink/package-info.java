/** EclipseLink's way to the transactions of a test; loaded by name, where EclipseLink is. */
package io.drivetrain.testkitapp.internal.eclipselink;
