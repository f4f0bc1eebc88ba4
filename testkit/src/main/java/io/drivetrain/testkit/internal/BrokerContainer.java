package io.drivetrain.testkit.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.kafka.KafkaContainer;

/** A Kafka broker in a container. Loaded only if Testcontainers is there. */
final class BrokerContainer {
  private static final int PORT = 9092;

  private BrokerContainer() {}

  @SuppressWarnings("resource") // The server that is returned closes it.
  static Server create(Map<String, String> serverProperties) {
    Server.HostPort address = ContainerServer.freeAddress();
    Map<String, String> properties = new HashMap<>(BrokerDefaults.of(1));
    properties.putAll(serverProperties);
    KafkaContainer container = new KafkaContainer(Containers.KAFKA_IMAGE);
    properties.forEach(
        (key, value) ->
            container.withEnv("KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value));
    return ContainerServer.of(container, address, PORT, () -> answers(address));
  }

  private static boolean answers(Server.HostPort address) {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                address.toString(),
                "default.api.timeout.ms",
                5_000,
                "request.timeout.ms",
                2_000))) {
      boolean has = !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
      admin.close(Duration.ZERO);
      return has;
    } catch (ExecutionException | TimeoutException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
