package io.drivetrain.connector.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.ChannelRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChannelsLiveTest {
  private static final String STUCK =
      "orders-0 offset 5 is in flight since 2026-01-01T00:00:00Z, longer than processing-timeout"
          + " PT30S";

  @BeforeAll
  static void provideResponses() {
    HealthCheckResponse.setResponseProvider(Responses::new);
  }

  private static HealthCheckResponse live(ChannelState state) {
    return new ChannelsLive(registry(state)).call();
  }

  private static ChannelRegistry registry(ChannelState state) {
    return new ChannelRegistry() {
      @Override
      public List<ChannelState> list() {
        return List.of(state);
      }
    };
  }

  private static ChannelState channel(
      Phase phase, Optional<String> stuck, PartitionState... partitions) {
    return new ChannelState("orders", phase, Optional.empty(), stuck, List.of(partitions));
  }

  @Test
  void a_stuck_channel_is_not_live_and_says_where() {
    HealthCheckResponse response = live(channel(Phase.RUNNING, Optional.of(STUCK)));

    assertThat(response.getStatus()).isEqualTo(Status.DOWN);
    assertThat(response.getData().orElseThrow().get("orders")).asString().endsWith(STUCK);
  }

  @Test
  void a_stuck_channel_is_ready_for_what_it_can_do() {
    HealthCheckResponse response =
        new ChannelsReady(registry(channel(Phase.RUNNING, Optional.of(STUCK)))).call();

    assertThat(response.getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void a_paused_partition_and_a_channel_that_waits_are_live() {
    PartitionState paused =
        new PartitionState(
            "orders",
            0,
            5,
            1,
            false,
            Optional.of(new PartitionState.Pause(5, 3, Instant.EPOCH, Optional.empty(), "boom")));

    assertThat(live(channel(Phase.RUNNING, Optional.empty(), paused)).getStatus())
        .isEqualTo(Status.UP);
    assertThat(live(channel(Phase.WAITING, Optional.empty())).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void a_dead_channel_is_not_live() {
    assertThat(live(channel(Phase.DEAD, Optional.empty())).getStatus()).isEqualTo(Status.DOWN);
  }
}
