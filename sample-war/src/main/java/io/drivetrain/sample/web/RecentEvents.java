package io.drivetrain.sample.web;

import io.drivetrain.sample.web.ShopState.EventView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The last records of topic {@code orders} that this server has seen, for the page. Written by the
 * channel's thread, read by requests; guarded by {@code this}.
 */
@ApplicationScoped
public class RecentEvents {
  private static final int KEPT = 50;
  private final Deque<EventView> newestFirst = new ArrayDeque<>();

  /** Remembers the records. */
  @Incoming("events")
  public synchronized void seen(List<ConsumerRecord<String, String>> records) {
    for (ConsumerRecord<String, String> record : records) {
      newestFirst.addFirst(
          new EventView(
              record.partition(),
              record.offset(),
              record.key(),
              record.value(),
              Instant.ofEpochMilli(record.timestamp())));
      if (newestFirst.size() > KEPT) {
        newestFirst.removeLast();
      }
    }
  }

  synchronized List<EventView> newestFirst() {
    return List.copyOf(newestFirst);
  }
}
