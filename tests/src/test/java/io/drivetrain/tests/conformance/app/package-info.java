/**
 * The application that scenarios deploy: consumers that note what they get and do what it says, and
 * a servlet through which a test in another process calls its beans. Nothing here knows of tests,
 * because it is also put into a WAR.
 */
package io.drivetrain.tests.conformance.app;
