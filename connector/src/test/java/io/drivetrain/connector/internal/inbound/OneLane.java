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
import io.drivetrain.connector.internal.deadletter.DeadLetterTopic;
import io.drivetrain.connector.internal.payload.ParameterType;
import io.drivetrain.connector.internal.payload.Payloads;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A lane of the channel "orders" with a runtime that asks for everything at once. */
final class OneLane implements Subscriber<Message<?>> {
  private static final FailurePolicy PAUSE = pause(Duration.ofSeconds(10));

  final Records.Clock clock = new Records.Clock();
  final Dispatcher dispatcher;
  final Thread thread;

  /** What the consumer method does; it acknowledges unless told otherwise. */
  volatile Consumer<Message<?>> method = Message::ack;

  /** What was delivered. */
  final List<Object> payloads = new CopyOnWriteArrayList<>();

  /** Why the channel ended, if it did. */
  final List<String> ends = new CopyOnWriteArrayList<>();

  private final Lane lane;

  private OneLane(
      HandOver handOver,
      FailurePolicy policy,
      DeadLetterTopic deadLetters,
      List<ChannelListener> heard,
      Optional<ProcessingTimeout> timeout) {
    boolean batches = handOver.batches();
    Listeners listeners = new Listeners(heard);
    dispatcher = new Dispatcher(new Assignment(handOver, policy), Time.of(clock));
    dispatcher.assign(List.of(P0, P1), Map.of());
    lane =
        new Lane(
            "orders",
            dispatcher,
            new Payloads(Settings.of(MapConfig.of()), false, Optional.empty(), Optional.empty())
                .of(new ParameterType(batches, String.class, Optional.empty())),
            new FailureHandler("orders", policy, dispatcher, deadLetters, listeners, ends::add),
            listeners,
            timeout.map(t -> new DeliveryWatch("orders", t, Time.of(clock))).orElse(null),
            () -> {},
            () -> {});
    dispatcher.register(lane);
    lane.subscribe(this);
    thread = new Thread(lane, "lane");
    lane.startOn(thread);
  }

  static OneLane ofRecords(ChannelListener... listeners) {
    return new OneLane(single(), PAUSE, null, List.of(listeners), Optional.empty());
  }

  static OneLane ofBatches(int size, ChannelListener... listeners) {
    return new OneLane(
        batches(size, Duration.ZERO), PAUSE, null, List.of(listeners), Optional.empty());
  }

  static OneLane ofRecords(ProcessingTimeout timeout, ChannelListener... listeners) {
    return new OneLane(single(), PAUSE, null, List.of(listeners), Optional.of(timeout));
  }

  static OneLane ofBatches(int size, ProcessingTimeout timeout, ChannelListener... listeners) {
    return new OneLane(
        batches(size, Duration.ZERO), PAUSE, null, List.of(listeners), Optional.of(timeout));
  }

  /** One that gives records up. */
  static OneLane with(
      HandOver handOver,
      FailurePolicy policy,
      DeadLetterTopic deadLetters,
      ChannelListener... listeners) {
    return new OneLane(handOver, policy, deadLetters, List.of(listeners), Optional.empty());
  }

  /** What the poll thread does once a second. */
  void look() {
    dispatcher.watchLanes();
  }

  Optional<String> overdue() {
    return lane.overdue();
  }

  void receive(TopicPartition partition, long... offsets) {
    receive(partition, Records.records(partition, offsets));
  }

  @SuppressWarnings("deprecation") // The oldest supported clients have no other constructor.
  void receive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    dispatcher.received(new ConsumerRecords<>(Map.of(partition, records)));
  }

  /** What a commit would store, null if nothing. */
  Long committable(TopicPartition partition) {
    return Optional.ofNullable(dispatcher.toCommit(List.of(partition)).get(partition))
        .map(offset -> offset.offset())
        .orElse(null);
  }

  /** How often the method was called. */
  int delivered() {
    return payloads.size();
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
    payloads.add(message.getPayload());
    method.accept(message);
  }

  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onComplete() {}
}
