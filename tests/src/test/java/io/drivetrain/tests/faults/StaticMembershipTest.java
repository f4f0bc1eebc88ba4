package io.drivetrain.tests.faults;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Liveness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes with a {@code group.instance.id}. */
@UseKafka
@ExtendWith(FaultTable.class)
class StaticMembershipTest {
  private static final String IN = "mp.messaging.incoming.in.";
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final int RATE = 300;

  /** A restart has to be over within the session, also on a machine with much else to do. */
  private static final String LONG_SESSION = "300000";

  private final KafkaBroker broker;

  StaticMembershipTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @Test
  void a_node_that_is_killed_and_restarted_costs_the_others_no_rebalance() throws Exception {
    Topic topic = broker.newTopic("static", 4);
    try (Trial trial =
        new Trial(
            "node with group.instance.id killed",
            broker.bootstrapServers(),
            topic,
            Ordering.PARTITION,
            RATE,
            "session.timeout.ms",
            LONG_SESSION)) {
      WorkerProcess a = trial.spawn("group.instance.id", "a");
      WorkerProcess b = trial.spawn("group.instance.id", "b");
      sharing(trial, a, b);
      List<String> heardByB = heard(trial, b);

      a.kill();
      trial.look();
      WorkerProcess again = trial.spawn("group.instance.id", "a");

      eventually(BOUND, () -> assertThat(heard(trial, again)).hasSize(1));
      trial.progress(200);
      assertThat(heard(trial, b)).isEqualTo(heardByB);
      trial.finish(Duplicates.SINCE_LAST_COMMIT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_node_that_is_stopped_and_restarted_costs_the_others_no_rebalance(String protocol)
      throws Exception {
    Topic topic = broker.newTopic("static", 4);
    try (Trial trial =
        new Trial(
            "node with group.instance.id restarted, group.protocol=" + protocol,
            broker.bootstrapServers(),
            topic,
            Ordering.PARTITION,
            RATE,
            "group.protocol",
            protocol)) {
      WorkerProcess a = trial.spawn("group.instance.id", "a");
      WorkerProcess b = trial.spawn("group.instance.id", "b");
      sharing(trial, a, b);
      List<String> heardByB = heard(trial, b);

      a.close();
      WorkerProcess again = trial.spawn("group.instance.id", "a");

      eventually(BOUND, () -> assertThat(heard(trial, again)).hasSize(1));
      trial.progress(200);
      assertThat(heard(trial, b)).isEqualTo(heardByB);
      trial.finish(Duplicates.NONE);
    }
  }

  @Test
  void a_node_whose_name_another_takes_is_dead_and_says_so(@TempDir Path directory) {
    Topic topic = broker.newTopic("fenced", 2);
    try (EffectFile effects = new EffectFile(directory.resolve("effects"));
        WeldApp first = named(topic, effects, "classic").start()) {
      eventually(BOUND, () -> assertThat(assigned(first)).isEqualTo(2));
      try (WeldApp second = first.startAnother(Worker.class, Health.class)) {
        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(2));

        eventually(BOUND, () -> assertThat(state(first).phase()).isEqualTo(Phase.DEAD));
        assertThat(state(first).problem())
            .contains("another member has taken its group.instance.id");
        assertThat(live(first).getStatus()).isEqualTo(Status.DOWN);
        assertThat(live(first).getData().orElseThrow().get("in"))
            .asString()
            .contains("another member has taken its group.instance.id");
        assertThat(live(second).getStatus()).isEqualTo(Status.UP);
        topic.send(0, "k", "v");
        eventually(() -> assertThat(effects.count()).isEqualTo(1));
      }
    }
  }

  /** With this protocol it is the later one that is refused. */
  @Test
  void a_node_waits_until_its_name_is_free(@TempDir Path directory) {
    Topic topic = broker.newTopic("unreleased", 2);
    try (EffectFile effects = new EffectFile(directory.resolve("effects"))) {
      WeldApp first = named(topic, effects, "consumer").start();
      eventually(BOUND, () -> assertThat(assigned(first)).isEqualTo(2));
      try (WeldApp second = first.startAnother(Worker.class, Health.class)) {
        try (first) {
          eventually(
              BOUND,
              () ->
                  assertThat(state(second).problem())
                      .hasValueSatisfying(
                          words -> assertThat(words).contains("UnreleasedInstanceIdException")));
          assertThat(assigned(first)).isEqualTo(2);
        }

        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(2));
        topic.send(0, "k", "v");
        eventually(() -> assertThat(effects.count()).isEqualTo(1));
        eventually(() -> assertThat(state(second).problem()).isEmpty());
      }
    }
  }

  private WeldApp.Builder named(Topic topic, EffectFile effects, String protocol) {
    WeldApp.Builder named =
        WeldApp.with(
                IN + "connector",
                "drivetrain",
                IN + "topic",
                topic.name(),
                IN + "group.id",
                topic.name(),
                IN + "bootstrap.servers",
                broker.bootstrapServers(),
                IN + "group.protocol",
                protocol,
                IN + "group.instance.id",
                "the-same")
            .beans(Worker.class, Health.class)
            .instance(EffectFile.class, effects);
    return protocol.equals("classic") ? named.and(IN + "heartbeat.interval.ms", "300") : named;
  }

  /** Waits until each of two nodes has two of the four partitions: then nothing is on its way. */
  private static void sharing(Trial trial, WorkerProcess... nodes) {
    for (WorkerProcess node : nodes) {
      eventually(BOUND, () -> assertThat(held(trial, node)).hasSize(2));
    }
    trial.progress(200);
  }

  private static Set<String> held(Trial trial, WorkerProcess node) {
    Set<String> held = new HashSet<>();
    for (String note : heard(trial, node)) {
      List<String> partitions =
          List.of(note.substring(note.indexOf('[') + 1, note.indexOf(']')).split(", "));
      if (note.contains(" assigned ")) {
        held.addAll(partitions);
      } else {
        partitions.forEach(held::remove);
      }
    }
    return held;
  }

  /** What was assigned to and revoked from a node. */
  private static List<String> heard(Trial trial, WorkerProcess node) {
    return trial.effects().notes().stream()
        .filter(note -> note.startsWith(node.node() + " "))
        .toList();
  }

  private static int assigned(WeldApp app) {
    return state(app).partitions().size();
  }

  /** As a server asks. */
  private static HealthCheckResponse live(WeldApp app) {
    return app.get(Health.class).live();
  }

  private static ChannelState state(WeldApp app) {
    return app.get(Channels.class).state("in");
  }

  /** Asks as a server does. */
  @ApplicationScoped
  static class Health {
    @Inject @Liveness HealthCheck live;

    HealthCheckResponse live() {
      return live.call();
    }
  }
}
