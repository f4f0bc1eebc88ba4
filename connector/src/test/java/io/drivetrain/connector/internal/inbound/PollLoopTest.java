package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import io.drivetrain.connector.internal.settings.DeadLetterSettings;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import io.drivetrain.connector.internal.settings.ReplaySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.Test;

/** The test's thread is the poll thread, one turn at a time. */
class PollLoopTest {
  private static final HandOver FOUR =
      new HandOver(Ordering.PARTITION, false, 512, Long.MAX_VALUE, 0, 4, 1_000_000);

  private final Records.Clock clock = new Records.Clock();
  private final Dispatcher dispatcher =
      new Dispatcher(new Assignment(FOUR, pause(Duration.ofSeconds(10))), Time.of(clock));
  private Broker broker = new Broker();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private int clientsToFail;
  private final PollLoop loop = loop(Duration.ofSeconds(2), Duration.ofMillis(1));

  private PollLoop loop(Duration timeout, Duration commitInterval) {
    return loop(timeout, commitInterval, "classic");
  }

  private PollLoop loop(Duration timeout, Duration commitInterval, String protocol) {
    IncomingSettings settings =
        new IncomingSettings(
            "orders",
            List.of("orders"),
            Optional.empty(),
            pause(Duration.ofSeconds(10)),
            new DeadLetterSettings(
                "dead-orders", Map.of(), new ReplaySettings(Map.of(), Map.of(), Map.of())),
            FOUR,
            FOUR,
            Optional.empty(),
            timeout,
            timeout,
            commitInterval,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Map.of(
                "bootstrap.servers", "nowhere:9092", "group.id", "g", "group.protocol", protocol));
    ChannelListener listener =
        new ChannelListener() {
          @Override
          public void assigned(String channel, Collection<TopicPartition> partitions) {
            heard.add("assigned " + partitions);
          }

          @Override
          public void revoked(String channel, Collection<TopicPartition> partitions) {
            heard.add("revoked " + partitions);
          }

          @Override
          public void lost(String channel, Collection<TopicPartition> partitions) {
            heard.add("lost " + partitions);
          }

          @Override
          public void committed(String channel, Map<TopicPartition, OffsetAndMetadata> offsets) {
            offsets.forEach(
                (partition, at) -> heard.add("committed " + partition + " " + at.offset()));
          }

          @Override
          public void commitFailed(
              String channel, Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
            heard.add("commit failed " + offsets.keySet() + " " + failure.getMessage());
          }

          @Override
          public void troubled(String channel, String problem) {
            heard.add("troubled " + problem);
          }

          @Override
          public void recovered(String channel) {
            heard.add("recovered");
          }

          @Override
          public void stopped(String channel) {
            heard.add("stopped");
          }
        };
    return new PollLoop(
        settings, this::client, dispatcher, new Listeners(List.of(listener)), null, Time.of(clock));
  }

  private Consumer<byte[], byte[]> client() {
    if (clientsToFail-- > 0) {
      throw new KafkaException("Failed to construct kafka consumer");
    }
    if (broker.closed()) {
      broker = new Broker();
    }
    return broker;
  }

  /** A consumer whose commits can fail. */
  private static final class Broker extends MockConsumer<byte[], byte[]> {
    final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    RuntimeException commitFailure;
    boolean forbidden;
    int subscriptions;

    @SuppressWarnings("deprecation") // The oldest supported clients have no other.
    Broker() {
      super(OffsetResetStrategy.EARLIEST);
    }

    @Override
    public synchronized void subscribe(
        Collection<String> topics, ConsumerRebalanceListener listener) {
      subscriptions++;
      super.subscribe(topics, listener);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
      if (forbidden) {
        throw new TopicAuthorizationException(Set.of(topic));
      }
      return super.partitionsFor(topic, timeout);
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
      commits.add(offsets);
      callback.onComplete(offsets, commitFailure);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      commits.add(offsets);
      if (commitFailure != null) {
        throw commitFailure;
      }
    }

    Long lastCommitted(TopicPartition partition) {
      return commits.isEmpty() || !commits.get(commits.size() - 1).containsKey(partition)
          ? null
          : commits.get(commits.size() - 1).get(partition).offset();
    }
  }

  private void assign(TopicPartition... partitions) {
    loop.iterate();
    broker.rebalance(List.of(partitions));
    broker.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
    loop.iterate();
  }

  private void fetch(TopicPartition partition, long... offsets) {
    for (long offset : offsets) {
      broker.addRecord(record(partition, offset));
    }
    loop.iterate();
  }

  private void done(Run run, int count) {
    run.completed(count);
    dispatcher.returned(run);
  }

  private void commitTick() {
    clock.pass(Duration.ofMillis(1));
    loop.iterate();
  }

  @Test
  void it_subscribes_then_runs_once_it_has_an_assignment() {
    assertThat(loop.phase()).isEqualTo(Phase.WAITING);
    loop.iterate();
    assertThat(loop.phase()).isEqualTo(Phase.JOINING);
    assertThat(broker.subscription()).containsExactly("orders");

    assign(P0);

    assertThat(loop.phase()).isEqualTo(Phase.RUNNING);
    assertThat(heard).containsExactly("assigned [orders-0]");
  }

  @Test
  void having_no_partition_is_running_too() {
    loop.iterate();
    loop.rebalances().onPartitionsAssigned(List.of());

    assertThat(loop.phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void a_topic_that_does_not_exist_is_a_problem_until_there_is_one() {
    loop.iterate();
    loop.rebalances().onPartitionsAssigned(List.of());
    looked();
    assertThat(loop.problem()).contains("there is no topic orders");

    broker.rebalance(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 0L));
    looked();
    assertThat(loop.problem()).isEmpty();
  }

  /** The loop looks after its brokers and topics once a second. */
  private void looked() {
    clock.pass(Duration.ofSeconds(1));
    loop.iterate();
  }

  @Test
  void what_it_fetches_can_be_taken() {
    assign(P0);
    fetch(P0, 0, 1);

    assertThat(offsets(dispatcher.take().records())).containsExactly(0L, 1L);
  }

  @Test
  void a_client_that_cannot_be_made_is_tried_again() {
    clientsToFail = 1;
    loop.iterate();
    assertThat(loop.problem())
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("Failed to construct kafka consumer"));
    assertThat(loop.phase()).isEqualTo(Phase.WAITING);

    assign(P0);
    assertThat(loop.problem()).isEmpty();
    assertThat(loop.phase()).isEqualTo(Phase.RUNNING);
    assertThat(heard).first().asString().startsWith("troubled the Kafka consumer fails");
    assertThat(heard).containsOnlyOnce("recovered");
  }

  @Test
  void polls_that_bring_nothing_do_not_end_a_problem_for_some_seconds() {
    loop.iterate();
    for (int login = 0; login < 3; login++) {
      broker.setPollException(new SaslAuthenticationException("wrong password"));
      loop.iterate();
      looked();
      looked();
      assertThat(loop.problem())
          .hasValueSatisfying(problem -> assertThat(problem).contains("wrong password"));
    }

    clock.pass(Duration.ofSeconds(10));
    loop.iterate();
    assertThat(loop.problem()).isEmpty();
  }

  @Test
  void a_topic_that_may_not_be_read_is_a_problem_until_it_may_and_is_then_asked_for_again() {
    loop.iterate();
    loop.rebalances().onPartitionsAssigned(List.of());
    broker.forbidden = true;
    broker.setPollException(new TopicAuthorizationException(Set.of("orders")));
    loop.iterate();
    clock.pass(Duration.ofSeconds(10));
    loop.iterate();
    assertThat(loop.problem()).contains("Kafka does not let this user read topic orders");
    assertThat(broker.subscriptions).isEqualTo(1);

    broker.forbidden = false;
    for (int second = 0; second < 10; second++) {
      looked();
    }
    assertThat(broker.subscriptions).isEqualTo(2);
    assign(P0);
    looked();
    assertThat(loop.problem()).isEmpty();
  }

  @Test
  void a_poll_that_fails_is_a_problem_until_one_succeeds() {
    assign(P0);
    broker.setPollException(new KafkaException("outer", new TimeoutException("no answer")));
    loop.iterate();
    assertThat(loop.problem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("no answer"));
    assertThat(loop.phase()).isEqualTo(Phase.RUNNING);

    fetch(P0, 0);
    assertThat(loop.problem()).isEmpty();
    assertThat(dispatcher.take()).isNotNull();
  }

  @Test
  void being_woken_is_no_problem() {
    assign(P0);
    broker.wakeup();
    loop.iterate();

    assertThat(loop.problem()).isEmpty();
    fetch(P0, 0);
    assertThat(dispatcher.take()).isNotNull();
  }

  @Test
  void a_failed_partition_is_paused_until_it_succeeds() {
    assign(P0, P1);
    fetch(P0, 0);
    dispatcher.failed(dispatcher.take(), 1, new RuntimeException("boom"));
    loop.iterate();
    assertThat(broker.paused()).containsExactly(P0);

    clock.pass(Duration.ofSeconds(10));
    done(dispatcher.take(), 1);
    loop.iterate();
    assertThat(broker.paused()).isEmpty();
  }

  @Test
  void a_full_partition_is_paused_and_the_others_are_fetched() {
    assign(P0, P1);
    fetch(P0, 0, 1, 2, 3);
    assertThat(broker.paused()).containsExactly(P0);

    fetch(P1, 0);
    done(dispatcher.take(), 3);
    loop.iterate();
    assertThat(broker.paused()).isEmpty();
  }

  @Test
  void a_partition_that_comes_back_is_fetched_again() {
    assign(P0, P1);
    fetch(P0, 0, 1, 2, 3);
    broker.rebalance(List.of(P1));
    broker.rebalance(List.of(P0, P1));
    loop.iterate();
    assertThat(broker.paused()).isEmpty();

    fetch(P0, 0, 1, 2, 3);
    assertThat(broker.paused()).containsExactly(P0);
  }

  @Test
  void what_is_done_is_committed_on_the_interval_and_once() {
    assign(P0, P1);
    fetch(P0, 0, 1, 2);
    commitTick();
    assertThat(broker.commits).isEmpty();

    done(dispatcher.take(), 2);
    commitTick();
    assertThat(broker.lastCommitted(P0)).isEqualTo(2L);
    commitTick();
    assertThat(broker.commits).hasSize(1);
  }

  @Test
  void a_failed_commit_is_made_again_on_the_next_tick() {
    assign(P0);
    fetch(P0, 0);
    done(dispatcher.take(), 1);
    broker.commitFailure = new TimeoutException("commit");
    commitTick();
    assertThat(heard).endsWith("commit failed [orders-0] commit");
    broker.commitFailure = null;
    commitTick();

    assertThat(heard).endsWith("committed orders-0 1");
    assertThat(broker.commits).hasSize(2);
    assertThat(broker.lastCommitted(P0)).isEqualTo(1L);
    commitTick();
    assertThat(broker.commits).hasSize(2);
  }

  @Test
  void a_revoked_partition_is_committed_after_its_record_in_flight() {
    assign(P0, P1);
    fetch(P0, 0, 1);
    Run run = dispatcher.take();
    run.completed(1);
    CompletableFuture<Void> lane =
        CompletableFuture.runAsync(
            () -> {
              while (!run.isStopped()) {
                Thread.onSpinWait();
              }
              done(run, 2);
            });

    broker.rebalance(List.of(P1));

    lane.join();
    assertThat(broker.lastCommitted(P0)).isEqualTo(2L);
    assertThat(dispatcher.names()).containsExactly(P1);
    assertThat(heard).endsWith("committed orders-0 2", "revoked [orders-0]");
  }

  @Test
  void a_record_that_takes_longer_than_the_revocation_may_is_not_committed() {
    PollLoop impatient = loop(Duration.ofMillis(20), Duration.ofHours(1));
    impatient.iterate();
    broker.rebalance(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 0L));
    broker.addRecord(record(P0, 0));
    broker.addRecord(record(P0, 1));
    impatient.iterate();
    Run run = dispatcher.take();
    run.completed(1);

    broker.rebalance(List.of());

    assertThat(broker.lastCommitted(P0)).isEqualTo(1L);
    done(run, 2);
    assertThat(dispatcher.toCommit()).isEmpty();
  }

  @Test
  void a_commit_that_fails_on_revocation_does_not_keep_the_partition() {
    assign(P0);
    fetch(P0, 0);
    done(dispatcher.take(), 1);
    broker.commitFailure = new TimeoutException("commit");

    broker.rebalance(List.of());

    assertThat(dispatcher.names()).isEmpty();
    assertThat(broker.commits).hasSize(1);
    assertThat(heard).endsWith("commit failed [orders-0] commit", "revoked [orders-0]");
  }

  @Test
  void a_lost_partition_is_dropped_without_a_commit() {
    PollLoop patient = loop(Duration.ofSeconds(2), Duration.ofHours(1));
    patient.iterate();
    broker.rebalance(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 0L));
    broker.addRecord(record(P0, 0));
    patient.iterate();
    Run run = dispatcher.take();
    run.completed(1);

    patient.rebalances().onPartitionsLost(Set.of(P0));

    assertThat(broker.commits).isEmpty();
    assertThat(dispatcher.names()).isEmpty();
    assertThat(run.isStopped()).isTrue();
    assertThat(heard).endsWith("lost [orders-0]").doesNotContain("revoked [orders-0]");
  }

  @Test
  void a_stop_waits_for_what_is_in_flight_then_commits_and_leaves() {
    assign(P0);
    fetch(P0, 0, 1, 2);
    Run run = dispatcher.take();
    CompletableFuture<Void> lane =
        CompletableFuture.runAsync(
            () -> {
              while (!run.isStopped()) {
                Thread.onSpinWait();
              }
              assertThat(broker.closed()).isFalse();
              done(run, 1);
            });

    loop.stop();
    loop.run();

    lane.join();
    assertThat(broker.lastCommitted(P0)).isEqualTo(1L);
    assertThat(broker.closed()).isTrue();
    assertThat(loop.phase()).isEqualTo(Phase.STOPPED);
    assertThat(heard).endsWith("stopped");
  }

  @Test
  void a_stop_does_not_wait_longer_than_it_may() {
    PollLoop impatient = loop(Duration.ofMillis(20), Duration.ofHours(1));
    impatient.iterate();
    broker.rebalance(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 0L));
    broker.addRecord(record(P0, 0));
    impatient.iterate();
    dispatcher.take();

    impatient.stop();
    impatient.run();

    assertThat(broker.closed()).isTrue();
    assertThat(broker.commits).isEmpty();
  }

  @Test
  void a_stop_in_a_rebalance_goes_through_with_it_and_commits() {
    assign(P0);
    fetch(P0, 0);
    done(dispatcher.take(), 1);
    broker.commitFailure = new RebalanceInProgressException();
    broker.schedulePollTask(() -> broker.commitFailure = null);

    loop.stop();
    loop.run();

    assertThat(broker.lastCommitted(P0)).isEqualTo(1L);
    assertThat(broker.commits).hasSize(2);
    assertThat(dispatcher.toCommit()).isEmpty();
    assertThat(broker.closed()).isTrue();
  }

  @Test
  void a_stop_in_a_rebalance_that_does_not_end_takes_no_longer_than_it_may() {
    PollLoop impatient = loop(Duration.ofMillis(20), Duration.ofHours(1));
    impatient.iterate();
    broker.rebalance(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 0L));
    broker.addRecord(record(P0, 0));
    impatient.iterate();
    done(dispatcher.take(), 1);
    broker.commitFailure = new RebalanceInProgressException();

    impatient.stop();
    impatient.run();

    assertThat(broker.closed()).isTrue();
  }

  @Test
  void a_partition_that_is_revoked_during_a_stop_is_committed_then() {
    assign(P0);
    fetch(P0, 0);
    done(dispatcher.take(), 1);
    broker.commitFailure = new RebalanceInProgressException();
    broker.schedulePollTask(
        () -> {
          broker.commitFailure = null;
          broker.rebalance(List.of());
        });

    loop.stop();
    loop.run();

    assertThat(broker.lastCommitted(P0)).isEqualTo(1L);
    assertThat(dispatcher.names()).isEmpty();
  }

  @Test
  void a_member_whose_name_another_has_taken_is_dead() {
    assign(P0);
    fetch(P0, 0);
    done(dispatcher.take(), 1);
    broker.setPollException(new FencedInstanceIdException("fenced"));

    loop.run();

    assertThat(loop.phase()).isEqualTo(Phase.DEAD);
    assertThat(loop.problem()).contains("another member has taken its group.instance.id");
    assertThat(broker.closed()).isTrue();
  }

  @Test
  void a_client_that_would_never_join_again_is_replaced() {
    PollLoop ours = loop(Duration.ofSeconds(2), Duration.ofHours(1), "consumer");
    ours.iterate();
    Broker refused = broker;
    refused.setPollException(new UnreleasedInstanceIdException("not yet missed"));

    ours.iterate();

    assertThat(refused.closed()).isTrue();
    assertThat(ours.problem()).hasValueSatisfying(words -> assertThat(words).contains("missed"));
    ours.iterate();
    assertThat(broker).isNotSameAs(refused);
    broker.rebalance(List.of(P0));
    assertThat(dispatcher.names()).containsExactly(P0);
  }

  @Test
  void a_client_in_trouble_keeps_its_partitions() {
    PollLoop ours = loop(Duration.ofSeconds(2), Duration.ofHours(1), "consumer");
    ours.iterate();
    broker.rebalance(List.of(P0));
    broker.setPollException(new KafkaException("no answer"));

    ours.iterate();

    assertThat(broker.closed()).isFalse();
    assertThat(dispatcher.names()).containsExactly(P0);
  }

  @Test
  void a_channel_without_lanes_leaves_its_group_and_stays_dead() {
    assign(P0);
    loop.die("the runtime cancelled the stream");
    loop.run();

    assertThat(broker.closed()).isTrue();
    assertThat(loop.phase()).isEqualTo(Phase.DEAD);
    assertThat(loop.problem()).contains("the runtime cancelled the stream");
  }

  @Test
  void a_stop_before_the_first_poll_needs_no_broker() {
    loop.stop();
    loop.run();

    assertThat(loop.phase()).isEqualTo(Phase.STOPPED);
    assertThat(broker.closed()).isFalse();
  }
}
