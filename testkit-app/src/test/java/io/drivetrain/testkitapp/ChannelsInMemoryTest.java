package io.drivetrain.testkitapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.UndecodableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

class ChannelsInMemoryTest {
  public record Order(String item, int price) {}

  public record Invoice(String item, double total) {}

  @ApplicationScoped
  public static class Billing {
    @Inject Delivery delivery;
    @Inject Prices prices;

    @Inject
    @Channel("audit")
    Emitter<String> audit;

    @Incoming("orders")
    public void bill(Order order) {
      String customer = new String(delivery.key().orElseThrow());
      double total = prices.of(order.item());
      delivery.produce("invoices", customer, new Invoice(order.item(), total));
      audit.send(customer + " attempt " + delivery.attempt());
    }
  }

  /** A bean of the test, in the place of the application's own. */
  public interface Prices {
    double of(String item);
  }

  @ApplicationScoped
  public static class Archive {
    final List<List<String>> batches = new CopyOnWriteArrayList<>();

    @Incoming("archive")
    public void archive(List<String> records) {
      batches.add(List.copyOf(records));
    }

    List<List<String>> batches() {
      return batches;
    }
  }

  private static TestAppBuilder billing(Prices prices) {
    return TestApp.of(Billing.class)
        .instance(Prices.class, prices)
        .setting("mp.messaging.incoming.orders.connector", "drivetrain")
        .setting("mp.messaging.incoming.orders.topic", "shop-orders")
        .setting("mp.messaging.incoming.orders.bootstrap.servers", "kafka.example.com:9092")
        .setting("mp.messaging.outgoing.audit.connector", "drivetrain")
        .setting("drivetrain.topics.audit.codec", "string");
  }

  @Test
  void a_record_is_decoded_and_what_it_sends_is_collected() {
    try (TestApp app = billing(item -> 5).start()) {
      app.channel("orders").send("anna", new Order("gear", 5)).awaitProcessed();

      SentRecord invoice = app.sent("invoices").containing("anna", new Invoice("gear", 5));
      assertThat(invoice.value(Invoice.class)).isEqualTo(new Invoice("gear", 5));
      app.sent("invoices").containing("anna", "{\"total\": 5, \"item\": \"gear\"}");
      app.sent("invoices").including("anna", Map.of("item", "gear"));
      app.sent("audit").containing("anna attempt 1");
      assertThat(app.sent("invoices").count()).isEqualTo(1);
      app.sent("shop-orders").none();
    }
  }

  @Test
  void a_record_that_fails_comes_again_first_when_its_pause_is_over() {
    Prices prices = new FailingOnce();
    try (TestApp app = billing(prices).start()) {
      TestChannel orders = app.channel("orders");
      Processing first = orders.send("anna", new Order("gear", 5));
      Processing second = orders.send("bert", new Order("gear", 5));

      assertThat(first.awaitFailed()).hasMessageContaining("no price yet");
      assertThat(second.isProcessed()).isFalse();

      app.advance(Duration.ofSeconds(10));
      first.awaitProcessed();
      second.awaitProcessed();
      assertThat(app.sent("audit").all())
          .extracting(SentRecord::text)
          .containsExactly("anna attempt 2", "bert attempt 1");
    }
  }

  private static final class FailingOnce implements Prices {
    private boolean failed;

    @Override
    public double of(String item) {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("no price yet");
      }
      return 1;
    }
  }

  @Test
  void an_operator_ends_the_pause() {
    try (TestApp app = billing(new FailingOnce()).start()) {
      Processing order = app.channel("orders").send("anna", new Order("gear", 5));
      order.awaitFailed();
      app.channel("orders").retry();

      order.awaitProcessed();
      assertThat(order.failures()).isEqualTo(1);
    }
  }

  @Test
  void what_cannot_be_decoded_fails_and_goes_to_the_dead_letters() {
    try (TestApp app =
        billing(item -> 1)
            .setting("mp.messaging.incoming.orders.failure-strategy", "dead-letter-queue")
            .start()) {
      Processing broken = app.channel("orders").send("anna", "{\"price\": \"many\"}");

      assertThat(broken.awaitFailed()).isInstanceOf(UndecodableException.class);
      broken.awaitDeadLettered();
      SentRecord letter =
          app.sent("dead-letter-topic-orders").containing("anna", "{\"price\":\"many\"}");
      assertThat(letter.header("dead-letter-topic")).contains("shop-orders");
    }
  }

  @Test
  void a_send_that_kafka_refuses_fails_the_record_it_belongs_to() {
    try (TestApp app = billing(item -> 1).start()) {
      app.kafka().refuse("invoices", new IllegalStateException("out of space"));
      Processing order = app.channel("orders").send("anna", new Order("gear", 5));

      assertThat(order.awaitFailed()).hasStackTraceContaining("out of space");

      app.kafka().accept("invoices");
      app.channel("orders").retry();
      order.awaitProcessed();
    }
  }

  @Test
  void records_sent_at_once_are_a_batch() {
    try (TestApp app =
        TestApp.of(Archive.class)
            .setting("mp.messaging.incoming.archive.connector", "drivetrain-test")
            .start()) {
      TestChannel archive = app.channel("archive");
      List<Processing> sent =
          archive.sendAll(
              List.of(
                  archive.record("a", "1"), archive.record("b", "2"), archive.record("c", "3")));
      sent.forEach(Processing::awaitProcessed);

      assertThat(app.get(Archive.class).batches()).containsExactly(List.of("1", "2", "3"));
    }
  }

  @Test
  void keys_go_to_the_partitions_that_kafka_gives_them() {
    try (TestApp app =
        TestApp.of(Archive.class)
            .partitions(4)
            .setting("mp.messaging.incoming.archive.connector", "drivetrain")
            .start()) {
      TestChannel archive = app.channel("archive");
      archive.send("anna", "1").awaitProcessed();
      archive.send(new ProducerRecord<>("archive", 3, "x", "2")).awaitProcessed();

      assertThat(app.topic("archive").records())
          .extracting(SentRecord::key)
          .containsExactlyInAnyOrder("anna", "x");
      assertThat(app.channel("archive").state().partitions()).hasSize(4);
    }
  }
}
