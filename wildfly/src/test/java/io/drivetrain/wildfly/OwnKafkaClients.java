package io.drivetrain.wildfly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A WAR that uses the kafka-clients it brings, where WildFly's own would win. */
final class OwnKafkaClients {
  private static final String DEPLOYMENT_STRUCTURE =
      """
      <jboss-deployment-structure xmlns="urn:jboss:deployment-structure:1.3">
        <deployment>
          <exclusions>
            <module name="io.smallrye.reactive.messaging.connector.kafka"/>
          </exclusions>
        </deployment>
      </jboss-deployment-structure>
      """;

  private OwnKafkaClients() {}

  /** A copy of a WAR beside it, with the file that makes the difference. */
  static Path in(Path war) {
    Path copy = war.resolveSibling("shop-with-its-own-kafka-clients.war");
    try {
      Files.copy(war, copy, StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem zip = FileSystems.newFileSystem(copy)) {
        Files.writeString(
            zip.getPath("WEB-INF/jboss-deployment-structure.xml"), DEPLOYMENT_STRUCTURE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }
}
