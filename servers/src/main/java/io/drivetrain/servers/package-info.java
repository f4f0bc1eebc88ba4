/**
 * Tooling, not product: what the modules of the servers share. An {@link
 * io.drivetrain.servers.AppServer} is a server as a child process that dies with this one; {@link
 * io.drivetrain.servers.Demo} shows the sample shop on one; {@link io.drivetrain.servers.ShopStory}
 * and {@link io.drivetrain.servers.ServersAway} are the suites that every server has to pass.
 */
package io.drivetrain.servers;
