package io.drivetrain.wildfly;

import io.drivetrain.servers.ShopServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shop with the kafka-clients that its WAR brings, where WildFly's own would win. */
final class OwnKafkaClients {
  private OwnKafkaClients() {}

  /** Changes the WAR of a server that does not run yet. */
  static void use(ShopServer server) {
    Path war = ((WildFlyServer) server.process()).deployments().resolve("shop.war");
    try (FileSystem zip = FileSystems.newFileSystem(war)) {
      Files.writeString(
          zip.getPath("WEB-INF/jboss-deployment-structure.xml"), WildFlyServer.OWN_KAFKA_CLIENTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
