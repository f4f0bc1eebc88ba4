package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Settings;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * What configuration says of one outgoing channel. Immutable; made once, at deployment.
 *
 * @param channel the channel's name
 * @param topic where payloads go that do not name a topic
 * @param key the key of plain payloads
 * @param partition the partition of plain payloads
 * @param propagateRecordKey whether a plain payload gets the key of the record being processed
 * @param propagateHeaders which headers of the record being processed a plain payload gets
 * @param producer how they are sent
 */
public record OutgoingSettings(
    String channel,
    String topic,
    Optional<String> key,
    Optional<Integer> partition,
    boolean propagateRecordKey,
    List<String> propagateHeaders,
    ProducerSettings producer) {

  /**
   * Reads and checks.
   *
   * @param config the channel's, as the runtime hands it over
   * @param root for what all channels share
   * @throws io.drivetrain.schema.settings.SettingsException if anything cannot be used
   */
  public static OutgoingSettings read(String channel, Config config, Config root) {
    Settings settings = Settings.of(config, "mp.messaging.outgoing." + channel + ".");
    int partition =
        settings.integer(OutgoingAttributes.PARTITION.name(), -1, -1, Integer.MAX_VALUE);
    return new OutgoingSettings(
        channel,
        Topics.of(Settings.of(root))
            .physical(settings.text(OutgoingAttributes.TOPIC.name(), channel)),
        settings.text(OutgoingAttributes.KEY.name()),
        partition < 0 ? Optional.empty() : Optional.of(partition),
        settings.flag(OutgoingAttributes.PROPAGATE_RECORD_KEY.name(), false),
        settings.list(OutgoingAttributes.PROPAGATE_HEADERS.name()),
        ProducerSettings.read(settings, OutgoingAttributes.ALL, root));
  }

  /** Whether a plain payload gets anything of the record being processed. */
  public boolean propagates() {
    return propagateRecordKey || !propagateHeaders.isEmpty();
  }

  @Override
  public String toString() {
    return "channel " + channel + " to " + topic;
  }
}
