package io.drivetrain.testkitapp.internal;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkitapp.internal.Fate.End;
import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Hears what every channel makes of every record. Thread-safe. */
public final class Fates implements ChannelListener {
  private record Place(String channel, String topic, int partition, long offset) {}

  /** A failure whose consequence is not known yet: only then may a test end the pause. */
  private record Failed(String channel, List<Fate> fates, Throwable failure) {
    void tell() {
      fates.forEach(fate -> fate.failed(failure));
    }
  }

  private final MemoryBroker broker;

  /** By delivering thread, which hears the failure and then what becomes of it. */
  private final Map<Thread, Failed> failed = new ConcurrentHashMap<>();

  private final Map<Place, Fate> fates = new ConcurrentHashMap<>();

  /** Of the records of a broker. */
  public Fates(MemoryBroker broker) {
    this.broker = broker;
  }

  /** What becomes of a record on a channel, from its first delivery on. */
  public Fate of(String channel, String topic, int partition, long offset) {
    return fates.computeIfAbsent(new Place(channel, topic, partition, offset), place -> new Fate());
  }

  @Override
  public void processed(Delivery delivery, Duration duration) {
    of(delivery).forEach(fate -> fate.ended(End.PROCESSED));
  }

  @Override
  public void failed(Delivery delivery, Throwable failure) {
    failed.put(Thread.currentThread(), new Failed(delivery.channel(), of(delivery), failure));
  }

  @Override
  public void paused(String channel, TopicPartition partition, Optional<Duration> pause) {
    tellFailure();
  }

  /** With failure-strategy=fail nothing else is heard of a failure. */
  @Override
  public void stopped(String channel) {
    failed.values().stream().filter(f -> f.channel().equals(channel)).forEach(Failed::tell);
    failed.values().removeIf(f -> f.channel().equals(channel));
  }

  private void tellFailure() {
    Failed known = failed.remove(Thread.currentThread());
    if (known != null) {
      known.tell();
    }
  }

  @Override
  public void deadLettered(Delivery delivery, Throwable failure, String topic) {
    tellFailure();
    of(delivery).forEach(fate -> fate.ended(End.DEAD_LETTERED));
  }

  @Override
  public void ignored(Delivery delivery, Throwable failure) {
    tellFailure();
    of(delivery).forEach(fate -> fate.ended(End.IGNORED));
  }

  @Override
  public void skipped(String channel, TopicPartition partition, long offset) {
    of(channel, partition.topic(), partition.partition(), offset).ended(End.SKIPPED);
  }

  private List<Fate> of(Delivery delivery) {
    long first = delivery.firstOffset();
    long last = delivery.lastOffset();
    boolean gaps = last - first + 1 != delivery.size();
    byte[] key = delivery.key().orElse(null);
    return broker.records(delivery.topic()).stream()
        .filter(record -> record.partition() == delivery.partition())
        .filter(record -> record.offset() >= first && record.offset() <= last)
        // With order per key what lies between belongs to other keys.
        .filter(record -> !gaps || Arrays.equals(record.key(), key))
        .map(r -> of(delivery.channel(), r.topic(), r.partition(), r.offset()))
        .toList();
  }
}
