package ${package};

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A broker with the application's topics and an empty database, until Ctrl-C. Shows each invoice; a
 * line of input is a record to send: topic, key, value; without a value it is a tombstone.
 */
public final class DevServers {
  /** Kept, or its level would be forgotten: each client would print its whole configuration. */
  private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

  private DevServers() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    KAFKA.setLevel(Level.WARNING);
    KafkaBroker kafka = KafkaBroker.started();
    kafka.topic("orders", 6);
    Topic invoices = kafka.topic("invoices", 1);
    kafka.topic("customers", 3, Map.of("cleanup.policy", "compact"));
    Postgres postgres = Postgres.started();
    System.out.println("export KAFKA_BOOTSTRAP_SERVERS=" + kafka.bootstrapServers());
    String url = postgres.jdbcUrl(postgres.createDatabase());
    String user = (url.contains("?") ? "&" : "?") + "user=" + postgres.user();
    System.out.println("export DATABASE_URL='" + url + user + "'");
    System.out.println("export DATABASE_PASSWORD='" + postgres.password() + "'");
    watch(kafka, invoices);
  }

  private static void watch(KafkaBroker kafka, Topic invoices)
      throws IOException, InterruptedException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    int shown = 0;
    while (true) {
      while (input.ready()) {
        String[] words = input.readLine().trim().split(" ", 3);
        if (words.length == 3) {
          kafka.existingTopic(words[0]).send(words[1], words[2]);
        } else if (words.length == 2) {
          kafka.existingTopic(words[0]).tombstone(words[1]);
        }
      }
      List<ConsumerRecord<String, String>> all = invoices.records();
      for (ConsumerRecord<String, String> invoice : all.subList(shown, all.size())) {
        System.out.println("invoice for " + invoice.key() + ": " + invoice.value());
      }
      shown = all.size();
      Thread.sleep(500);
    }
  }
}
