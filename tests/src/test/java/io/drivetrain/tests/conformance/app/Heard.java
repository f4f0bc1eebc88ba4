package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;

/** What a channel listener heard, as sentences. */
public interface Heard {

  List<String> events();

  /** Notes what it hears. */
  @ApplicationScoped
  class Listener implements ChannelListener, Heard {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void assigned(String channel, Collection<TopicPartition> partitions) {
      events.add("assigned " + partitions.size());
    }

    @Override
    public void revoked(String channel, Collection<TopicPartition> partitions) {
      events.add("revoked " + partitions.size());
    }

    @Override
    public void failed(Delivery delivery, Throwable failure) {
      events.add(
          "failed at "
              + delivery.firstOffset()
              + " attempt "
              + delivery.attempt()
              + ": "
              + failure.getMessage());
    }

    @Override
    public void paused(String channel, TopicPartition partition, Optional<Duration> pause) {
      events.add("paused for " + pause.orElseThrow().toMillis() + " ms");
    }

    @Override
    public void resumed(String channel, TopicPartition partition) {
      events.add("resumed");
    }

    @Override
    public List<String> events() {
      return List.copyOf(events);
    }
  }

  /** Throws whenever it hears of a failure. */
  @ApplicationScoped
  class Broken implements ChannelListener {
    @Override
    public void failed(Delivery delivery, Throwable failure) {
      throw new IllegalStateException("a listener that fails");
    }
  }
}
