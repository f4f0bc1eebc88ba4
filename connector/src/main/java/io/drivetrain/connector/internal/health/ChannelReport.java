package io.drivetrain.connector.internal.health;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.ChannelRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * What the three checks say: each channel in words, and whether all are as the check wants them.
 */
final class ChannelReport {
  static final String NAME = "drivetrain-channels";

  private ChannelReport() {}

  static HealthCheckResponse of(ChannelRegistry registry, Predicate<ChannelState> healthy) {
    List<ChannelState> channels = registry.list();
    HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME);
    channels.forEach(channel -> describe(response, registry, channel));
    return response.status(channels.stream().allMatch(healthy)).build();
  }

  private static void describe(
      HealthCheckResponseBuilder response, ChannelRegistry registry, ChannelState channel) {
    response.withData(channel.name(), words(registry, channel));
    for (PartitionState partition : channel.partitions()) {
      partition
          .pause()
          .ifPresent(
              pause ->
                  response.withData(
                      channel.name() + " " + partition.topic() + "-" + partition.partition(),
                      "paused at offset "
                          + pause.offset()
                          + " after attempt "
                          + pause.attempt()
                          + pause
                              .resumeAt()
                              .map(end -> " until " + end)
                              .orElse(" until it is resumed")));
    }
  }

  private static String words(ChannelRegistry registry, ChannelState channel) {
    if (channel.phase() == Phase.WAITING && !registry.awaited().isEmpty()) {
      return "waits for " + String.join(", ", registry.awaited());
    }
    String phase =
        switch (channel.phase()) {
          case WAITING -> "waits for the application to start";
          case JOINING -> "joins its group";
          case RUNNING -> "runs with " + channel.partitions().size() + " partitions";
          case STOPPING -> "stops";
          case STOPPED -> "stopped";
          case DEAD -> "dead until the application restarts";
        };
    List<String> words = new ArrayList<>(List.of(phase));
    channel.problem().ifPresent(words::add);
    channel.stuck().ifPresent(words::add);
    return String.join(": ", words);
  }
}
