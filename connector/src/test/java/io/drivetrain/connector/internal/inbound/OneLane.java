package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.batches;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.single;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.payload.ParameterType;
import io.drivetrain.connector.internal.payload.Payloads;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A lane of the channel "orders" with a runtime that asks for everything at once. */
final class OneLane implements Subscriber<Message<?>> {
  final Records.Clock clock = new Records.Clock();
  final Dispatcher dispatcher;
  final Thread thread;

  /** What the consumer method does; it acknowledges unless told otherwise. */
  volatile Consumer<Message<?>> method = Message::ack;

  private final AtomicInteger delivered = new AtomicInteger();
  private final Lane lane;

  private OneLane(
      HandOver handOver,
      boolean batches,
      List<ChannelListener> listeners,
      Optional<ProcessingTimeout> timeout) {
    dispatcher =
        new Dispatcher(new Assignment(handOver, pause(Duration.ofSeconds(10))), Time.of(clock));
    dispatcher.assign(List.of(P0, P1));
    lane =
        new Lane(
            "orders",
            dispatcher,
            new Payloads(Settings.of(MapConfig.of()), Optional.empty(), Optional.empty())
                .of(new ParameterType(batches, String.class, Optional.empty())),
            new Listeners(listeners),
            timeout.map(t -> new DeliveryWatch("orders", t, Time.of(clock))).orElse(null),
            () -> {},
            () -> {});
    dispatcher.register(lane);
    lane.subscribe(this);
    thread = new Thread(lane, "lane");
    lane.startOn(thread);
  }

  static OneLane ofRecords(ChannelListener... listeners) {
    return new OneLane(single(), false, List.of(listeners), Optional.empty());
  }

  static OneLane ofBatches(int size, ChannelListener... listeners) {
    return new OneLane(batches(size, Duration.ZERO), true, List.of(listeners), Optional.empty());
  }

  static OneLane ofRecords(ProcessingTimeout timeout, ChannelListener... listeners) {
    return new OneLane(single(), false, List.of(listeners), Optional.of(timeout));
  }

  static OneLane ofBatches(int size, ProcessingTimeout timeout, ChannelListener... listeners) {
    return new OneLane(
        batches(size, Duration.ZERO), true, List.of(listeners), Optional.of(timeout));
  }

  /** What the poll thread does once a second. */
  void look() {
    dispatcher.watchLanes();
  }

  Optional<String> overdue() {
    return lane.overdue();
  }

  @SuppressWarnings("deprecation") // The oldest supported clients have no other constructor.
  void receive(TopicPartition partition, long... offsets) {
    dispatcher.received(
        new ConsumerRecords<>(Map.of(partition, Records.records(partition, offsets))));
  }

  /** How often the method was called. */
  int delivered() {
    return delivered.get();
  }

  boolean paused(TopicPartition partition) {
    return dispatcher.states().stream()
        .anyMatch(
            state ->
                state.topic().equals(partition.topic())
                    && state.partition() == partition.partition()
                    && state.pause().isPresent());
  }

  void stop() throws InterruptedException {
    lane.stop();
    thread.join(10_000);
    if (thread.isAlive()) {
      throw new AssertionError("the lane did not stop");
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Message<?> message) {
    delivered.incrementAndGet();
    method.accept(message);
  }

  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onComplete() {}
}
