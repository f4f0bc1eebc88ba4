/**
 * Tooling, not product: runs WildFly with a WAR as a child process ({@link
 * io.drivetrain.wildfly.WildFlyServer}) and shows the sample shop with one command ({@link
 * io.drivetrain.wildfly.WildFlyDemo}). The server's configuration is {@code shop.cli}.
 */
package io.drivetrain.wildfly;
