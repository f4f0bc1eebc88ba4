package io.drivetrain.tests.benchmark;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A bare KafkaConsumer with an asynchronous commit each second: the limit. */
final class RawPeer implements Peer {
  @Override
  public void run(String contender, String bootstrapServers, String topic, String group) {
    Sink sink = Sink.current;
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    Consumer<ConsumerRecord<String, String>> take = take(Contender.valueOf(contender), sink);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long nextCommit = System.nanoTime();
      while (!sink.isDone()) {
        consumer.poll(Duration.ofMillis(100)).forEach(take);
        if (System.nanoTime() - nextCommit >= 0) {
          consumer.commitAsync();
          nextCommit = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        }
      }
    }
  }

  private static Consumer<ConsumerRecord<String, String>> take(Contender contender, Sink sink) {
    if (contender == Contender.RAW_JSON) {
      Jsonb jsonb = JsonbBuilder.create();
      return record -> sink.take(jsonb.fromJson(record.value(), Purchase.class).customer());
    }
    return record -> sink.take(record.value());
  }
}
