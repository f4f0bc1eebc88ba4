package io.drivetrain.testkit.internal;

import java.util.Map;
import java.util.Optional;

/** Chooses between a process and a container for each kind of server. Thread-safe. */
public final class Servers {
  private Servers() {}

  /**
   * A broker, not started.
   *
   * @param serverProperties entries of server.properties that replace or extend the defaults
   */
  public static Broker broker(Map<String, String> serverProperties) {
    if (Containers.areUsedFor("Kafka", Containers.KAFKA_IMAGE)) {
      return new Broker(BrokerContainer.create(serverProperties), Optional.empty());
    }
    BrokerProcess process = BrokerProcess.alone(serverProperties);
    return new Broker(process, Optional.of(process.clusterId()));
  }

  /** A PostgreSQL server, not started. User and password are {@code postgres}. */
  public static Server postgres() {
    if (Containers.areUsedFor("PostgreSQL", Containers.POSTGRES_IMAGE)) {
      return PostgresContainer.create();
    }
    return new PostgresProcess();
  }

  /**
   * A broker and how to recognise it.
   *
   * @param server the broker
   * @param clusterId the cluster id it must report; empty if nobody else can answer in its place
   */
  public record Broker(Server server, Optional<String> clusterId) {}
}
