package io.drivetrain.connector.internal;

import io.drivetrain.connector.internal.cdi.Feeder;
import io.drivetrain.schema.settings.Settings;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * What lies between an outgoing channel and those who feed it. Where the runtime merges streams, it
 * lets whichever thread is there hand over the payloads of all: the record which that thread
 * processes need not be the one that a payload was made of. Immutable.
 */
final class Feeding {
  private static final String INCOMING = "mp.messaging.incoming.";

  private final List<Feeder> feeders;
  private final Settings channel;
  private final Settings root;

  Feeding(List<Feeder> feeders, Config channel, Config root) {
    this.feeders = feeders;
    this.channel = Settings.of(channel);
    this.root = Settings.of(root);
  }

  /**
   * Whether every payload is what a method made of a record of ours: then the runtime itself
   * settles the record as the payload is settled.
   */
  boolean settlesRecords() {
    return !feeders.isEmpty() && feeders.stream().allMatch(this::isProcessorOfOurs);
  }

  private boolean isProcessorOfOurs(Feeder feeder) {
    return !feeder.incoming().isEmpty()
        && feeder.incoming().stream()
            .allMatch(
                name ->
                    DrivetrainConnector.NAMES.contains(
                        root.text(INCOMING + name + ".connector", "")));
  }

  /** How the runtime may confuse whose payload it hands over; empty if it cannot. */
  Optional<String> confusion() {
    if (channel.text("merge", "false").equals("true")) {
      return Optional.of("merge is 'true'");
    }
    return feeders.stream()
        .flatMap(feeder -> feeder.incoming().stream())
        .filter(name -> concurrency(name) > 1)
        .findFirst()
        .map(name -> INCOMING + name + ".concurrency is '" + concurrency(name) + "'");
  }

  private int concurrency(String name) {
    int ofAll =
        root.integer(
            "mp.messaging.connector." + DrivetrainConnector.NAME + ".concurrency",
            1,
            1,
            Integer.MAX_VALUE);
    return root.integer(INCOMING + name + ".concurrency", ofAll, 1, Integer.MAX_VALUE);
  }
}
