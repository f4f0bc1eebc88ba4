package io.drivetrain.connector.internal.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.ChannelRegistry;
import io.drivetrain.connector.internal.inbound.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test's thread is the thread that touches, one look at a time. */
class LivenessReporterTest {
  @TempDir private Path directory;
  private final List<Life> lives = new ArrayList<>();
  private Path path;
  private LivenessReporter reporter;

  @BeforeEach
  void create() {
    path = directory.resolve("shop.live");
    ChannelRegistry registry =
        new ChannelRegistry() {
          @Override
          public List<Life> lives() {
            return List.copyOf(lives);
          }
        };
    reporter = new LivenessReporter(registry, Optional.of(new LivenessFile(path)));
  }

  private static ChannelState channel(
      String name, Phase phase, Optional<String> stuck, PartitionState... partitions) {
    return new ChannelState(name, phase, Optional.empty(), stuck, List.of(partitions));
  }

  private static Life running(String name, long beats) {
    return new Life(channel(name, Phase.RUNNING, Optional.empty()), beats);
  }

  private static Life waiting(String name) {
    return new Life(channel(name, Phase.WAITING, Optional.empty()), -1);
  }

  /** Whether a look with the channels as given touches the file. */
  private boolean touches(Life... channels) throws IOException {
    Files.deleteIfExists(path);
    lives.clear();
    lives.addAll(List.of(channels));
    reporter.tick();
    return Files.exists(path);
  }

  @Test
  void it_is_touched_while_every_loop_turns() throws IOException {
    assertThat(touches(running("orders", 1), running("refunds", 1))).isTrue();
    assertThat(touches(running("orders", 2), running("refunds", 9))).isTrue();
  }

  @Test
  void one_loop_that_does_not_turn_is_seen_however_the_others_turn() throws IOException {
    touches(running("orders", 1), running("refunds", 1));

    assertThat(touches(running("orders", 2), running("refunds", 1))).isFalse();
    assertThat(touches(running("orders", 3), running("refunds", 1))).isFalse();
    assertThat(touches(running("orders", 4), running("refunds", 2))).isTrue();
  }

  @Test
  void one_stuck_or_dead_channel_is_seen_and_a_stuck_one_heals() throws IOException {
    Life stuck = new Life(channel("orders", Phase.RUNNING, Optional.of("hangs")), 1);
    Life dead = new Life(channel("orders", Phase.DEAD, Optional.empty()), -1);

    assertThat(touches(stuck, running("refunds", 1))).isFalse();
    assertThat(touches(dead, running("refunds", 2))).isFalse();
    assertThat(touches(running("orders", 2), running("refunds", 3))).isTrue();
  }

  @Test
  void a_paused_partition_is_no_death() throws IOException {
    PartitionState paused =
        new PartitionState(
            "orders",
            0,
            5,
            1,
            false,
            0,
            1,
            List.of(new PartitionState.Pause(5, 3, Instant.EPOCH, Optional.empty(), "boom")));
    Life life = new Life(channel("orders", Phase.RUNNING, Optional.empty(), paused), 1);

    assertThat(touches(life)).isTrue();
    assertThat(new LivenessFile(path).read().orElseThrow().lines())
        .containsExactly("orders RUNNING with 1 partitions of which 1 paused");
  }

  @Test
  void an_application_that_waits_for_its_start_is_alive() throws IOException {
    assertThat(touches(waiting("orders"))).isTrue();
    assertThat(touches(waiting("orders"))).isTrue();
    assertThat(touches()).isTrue();
  }

  @Test
  void a_file_that_became_anothers_is_left_alone() throws IOException {
    lives.add(running("orders", 1));
    new LivenessFile(path).touch(List.of("another application"));

    reporter.tick();

    assertThat(new LivenessFile(path).read().orElseThrow().lines())
        .containsExactly("another application");
  }
}
