package io.drivetrain.tests.connector;

import io.drivetrain.connector.Delivery;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/**
 * Notes every delivery in its order and then behaves as the test wishes. Called on delivering
 * threads, read by the test.
 */
final class Recorder {
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = delivery -> {};

  /** Does this after every delivery was noted; what it throws, the consumer method throws. */
  Recorder behaving(Behaviour newBehaviour) {
    behaviour = newBehaviour;
    return this;
  }

  /** Fails the record at the offset of the partition as often as given, then lets it pass. */
  Recorder failing(int partition, long offset, int times) {
    return behaving(
        delivery -> {
          if (delivery.partition() == partition
              && delivery.firstOffset() <= offset
              && offset <= delivery.lastOffset()
              && delivery.attempt() <= times) {
            throw new Poison(delivery);
          }
        });
  }

  /** Lets everything pass from now on. */
  void heal() {
    behaviour = delivery -> {};
  }

  /** To be called by consumer methods. */
  void note(Delivery delivery, Object value) {
    Seen now =
        new Seen(
            delivery.partition(),
            delivery.firstOffset(),
            delivery.lastOffset(),
            delivery.attempt(),
            value);
    seen.add(now);
    behaviour.on(now);
  }

  List<Seen> all() {
    return List.copyOf(seen);
  }

  List<Seen> of(int partition) {
    return seen.stream().filter(delivery -> delivery.partition() == partition).toList();
  }

  /** The first offsets of all deliveries of a partition, in order. */
  List<Long> offsets(int partition) {
    return of(partition).stream().map(Seen::firstOffset).toList();
  }

  List<Object> values() {
    return seen.stream().map(Seen::value).toList();
  }

  static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /** One call of a consumer method. */
  record Seen(int partition, long firstOffset, long lastOffset, int attempt, Object value) {}

  /** What a consumer method does. */
  interface Behaviour {
    void on(Seen delivery);
  }

  /** The failure of a record. */
  static final class Poison extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Poison(Seen delivery) {
      super("poison in " + delivery.partition() + " at " + delivery.firstOffset());
    }
  }
}
