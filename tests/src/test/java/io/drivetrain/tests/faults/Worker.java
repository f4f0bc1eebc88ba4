package io.drivetrain.tests.faults;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The application of the trials: one effect per record, with a little work before and after it, so
 * that a crash finds it at every point. Records whose value says so fail a few times first.
 */
@ApplicationScoped
class Worker implements ChannelListener {
  private static final AtomicInteger NODES = new AtomicInteger();
  private static final long LONGEST_WORK_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  @Inject EffectFile effects;
  @Inject Delivery delivery;

  private final String node = ProcessHandle.current().pid() + "-" + NODES.incrementAndGet();
  private final Map<Integer, Integer> assignments = new ConcurrentHashMap<>();

  @Incoming("in")
  void work(String value) {
    String owner = node + "." + assignments.get(delivery.partition());
    if (delivery.attempt() <= Load.failures(value)) {
      throw new Poison();
    }
    pause();
    String key = new String(delivery.key().orElseThrow(), StandardCharsets.UTF_8);
    effects.effect(new Effect(delivery.partition(), delivery.firstOffset(), key, owner));
    pause();
  }

  private static void pause() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextInt(4) == 0) {
      LockSupport.parkNanos(random.nextLong(LONGEST_WORK_NANOS));
    }
  }

  @Override
  public void assigned(String channel, Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> assignments.merge(partition.partition(), 1, Integer::sum));
    effects.note(node + " assigned " + partitions);
  }

  @Override
  public void revoked(String channel, Collection<TopicPartition> partitions) {
    effects.note(node + " revoked " + partitions);
  }

  @Override
  public void lost(String channel, Collection<TopicPartition> partitions) {
    effects.note(node + " lost " + partitions);
  }

  /** Without a stack, which would fill the log. */
  private static final class Poison extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Poison() {
      super("poison", null, false, false);
    }
  }
}
