package io.drivetrain.testkitapp.internal;

import io.drivetrain.outbox.CommittedEvents;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Puts what committed into Kafka in memory, at once or when it is due. Thread-safe. */
public final class Capture implements CommittedEvents {
  private final MemoryBroker broker;
  private final InstantSource clock;

  /** Guarded by this. */
  private final List<EncodedMessage> later = new ArrayList<>();

  /** Guarded by this. */
  private long lastId;

  /** Of one application. */
  public Capture(MemoryBroker broker, InstantSource clock) {
    this.broker = broker;
    this.clock = clock;
  }

  @Override
  public synchronized void accept(List<EncodedMessage> events) {
    for (EncodedMessage event : events) {
      if (event.deliverAt() != null && event.deliverAt() > clock.millis()) {
        later.add(event);
      } else {
        send(event);
      }
    }
  }

  /** Sends what has become due, the earliest first. */
  public synchronized void look() {
    List<EncodedMessage> due =
        later.stream()
            .filter(event -> event.deliverAt() <= clock.millis())
            .sorted(Comparator.comparing(EncodedMessage::deliverAt))
            .toList();
    later.removeAll(due);
    due.forEach(this::send);
  }

  private void send(EncodedMessage event) {
    RecordHeaders headers = new RecordHeaders();
    event.headers().forEach(header -> headers.add(header.name(), header.value()));
    headers.add("drivetrain-id", Long.toString(++lastId).getBytes(StandardCharsets.UTF_8));
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            event.topic(),
            event.partition(),
            event.timestamp(),
            event.key(),
            event.value(),
            headers);
    broker.append(List.of(record), true);
  }
}
