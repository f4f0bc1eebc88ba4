/**
 * Tooling, not product: runs Open Liberty with a WAR as a child process ({@link
 * io.drivetrain.openliberty.LibertyServer}) and shows the sample shop with one command ({@link
 * io.drivetrain.openliberty.OpenLibertyDemo}). The server's configuration is {@code server.xml}.
 */
package io.drivetrain.openliberty;
