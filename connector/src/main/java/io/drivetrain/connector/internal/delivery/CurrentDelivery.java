package io.drivetrain.connector.internal.delivery;

import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** The {@link Delivery} applications inject: whatever the calling thread is processing. */
@ApplicationScoped
public class CurrentDelivery implements Delivery {
  private final Sends sends;

  /** For the container's proxy. */
  protected CurrentDelivery() {
    this(null);
  }

  /** By the container. */
  @Inject
  public CurrentDelivery(Sends sends) {
    this.sends = sends;
  }

  private static LiveDelivery live() {
    LiveDelivery live = LiveDelivery.ofThisThread();
    if (live == null) {
      throw new IllegalStateException(
          "this thread is processing no record; a Delivery belongs to the thread that runs the"
              + " consumer method: take delivery.snapshot() along into asynchronous work");
    }
    return live;
  }

  @Override
  public String channel() {
    return live().channel();
  }

  @Override
  public String topic() {
    return live().topic();
  }

  @Override
  public int partition() {
    return live().partition();
  }

  @Override
  public long firstOffset() {
    return live().firstOffset();
  }

  @Override
  public long lastOffset() {
    return live().lastOffset();
  }

  @Override
  public int size() {
    return live().size();
  }

  @Override
  public Optional<byte[]> key() {
    return live().key();
  }

  @Override
  public Headers headers() {
    return live().headers();
  }

  @Override
  public Instant timestamp() {
    return live().timestamp();
  }

  @Override
  public int attempt() {
    return live().attempt();
  }

  @Override
  public Optional<Throwable> lastFailure() {
    return live().lastFailure();
  }

  @Override
  public void produce(ProducerRecord<?, ?> record) {
    LiveDelivery live = live();
    try {
      live.tie(sends.produce(record));
    } catch (RuntimeException e) {
      // Also for who catches it: a record must not be done without what it meant to send.
      live.tie(CompletableFuture.failedFuture(e));
      throw e;
    }
  }

  @Override
  public Delivery snapshot() {
    return live().snapshot();
  }
}
