package io.drivetrain.connector.internal.settings;

import static io.drivetrain.connector.internal.settings.PeerAttribute.refused;
import static io.drivetrain.connector.internal.settings.PeerAttribute.same;
import static io.drivetrain.connector.internal.settings.PeerAttribute.withoutEffect;

import io.drivetrain.connector.internal.settings.PeerAttribute.Fate;
import io.drivetrain.schema.settings.Secrets;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;

/**
 * What becomes of attributes that users of other Kafka connectors bring along. Those with an equal
 * meaning are our own and not here. Immutable.
 */
public final class PeerAttributes {
  private static final String IN_TURN =
      "the records of a partition come one after another; set ordering=key and concurrency to"
          + " process more at once";
  private static final String FOREVER = "the connector tries to reach its brokers for ever";
  private static final String AS_STORED =
      "records are taken as they are stored; take ConsumerRecord for the headers of a cloud event";
  private static final String UNDECODABLE =
      "a record that cannot be decoded fails like any other, and failure-strategy says what then;"
          + " take ConsumerRecord<String, byte[]> to decode it yourself";
  private static final String BOUNDED =
      "queue-records and queue-bytes bound what waits in memory, for each partition";
  private static final String EXISTENCE =
      "a topic that does not exist takes readiness down, unless health-readiness-enabled=false";
  private static final String CONTEXT =
      "methods run with the context of the application, on its managed threads";
  private static final String NO_TRANSACTIONS =
      "records are sent without Kafka's transactions, once they are stored by all replicas";
  private static final String NO_CLOUD_EVENTS =
      "nothing is added to a record; send a ProducerRecord with the headers of a cloud event";
  private static final String REFUSED_MESSAGE =
      "a payload that cannot be encoded refuses its message; nothing is sent in its place";

  static final PeerAttributes INCOMING =
      new PeerAttributes(
          same("commit-strategy", "throttled"),
          withoutEffect(
                  "commit-strategy", "what is done is committed every auto.commit.interval.ms")
              .with("latest"),
          refused("commit-strategy", "the connector itself commits what is processed; remove it"),
          refused(
              "checkpoint.*",
              "there is no state beside the offsets; keep it in a database, in the method's"
                  + " transaction"),
          withoutEffect(
              "throttled.unprocessed-record-max-age.ms",
              "a method may take as long as it needs; set processing-timeout to take liveness"
                  + " down"),
          withoutEffect("throttled.ordered", IN_TURN),
          withoutEffect("throttled.ordered.max-concurrency", IN_TURN),
          withoutEffect("ordered", IN_TURN),
          withoutEffect("ordered.max-concurrency", IN_TURN),
          refused(
              "delayed-retry-topic.*",
              "a record that fails comes again in its order; set pause-timeout,"
                  + " pause-with-exponential-backoff and max-attempts"),
          refused("dead-letter-queue.producer-client-id", "set dead-letter-queue.client.id"),
          same("fail-on-deserialization-failure", "true"),
          refused("fail-on-deserialization-failure", UNDECODABLE),
          refused("key-deserialization-failure-handler", UNDECODABLE),
          refused("value-deserialization-failure-handler", UNDECODABLE),
          refused(
              "consumer-rebalance-listener.name",
              "a bean that implements ChannelListener hears of assignments; reading begins at the"
                  + " committed offset, else where auto.offset.reset says"),
          refused(
              "assign-seek",
              "reading begins at the committed offset, else where auto.offset.reset says; a program"
                  + " moves a partition with Channels.seek"),
          same("share-group", "false"),
          same("share-group.enabled", "false"),
          refused("share-group*", "the connector reads in order, as a member of a consumer group"),
          same("cloud-events", "false"),
          refused("cloud-events", AS_STORED),
          same("retry", "true"),
          withoutEffect("retry", FOREVER),
          same("retry-attempts", "-1"),
          withoutEffect("retry-attempts", FOREVER),
          withoutEffect("retry-max-wait", FOREVER + "; set reconnect.backoff.max.ms"),
          withoutEffect("creation.retry.seconds", FOREVER),
          withoutEffect("max-queue-size-factor", BOUNDED),
          withoutEffect("unacked.limit", BOUNDED),
          same("pause-if-no-requests", "true"),
          withoutEffect("pause-if-no-requests", BOUNDED),
          withoutEffect("requests", BOUNDED),
          withoutEffect("poll-timeout", "nothing waits for a poll to end"),
          same("graceful-shutdown", "true"),
          withoutEffect("graceful-shutdown", "set close-timeout=0"),
          same("partitions", "1"),
          withoutEffect("partitions", "set concurrency"),
          same("fast.ack", "true"),
          withoutEffect(
              "fast.ack",
              "an acknowledgement is complete at once, and commits follow every"
                  + " auto.commit.interval.ms"),
          withoutEffect("context.service", CONTEXT),
          withoutEffect("lazy-client", "clients are made when the application has started"),
          withoutEffect("health-topic-verification-*", EXISTENCE),
          withoutEffect("health-readiness-topic-verification", EXISTENCE),
          withoutEffect("health-readiness-timeout", EXISTENCE));

  static final PeerAttributes OUTGOING =
      new PeerAttributes(
          refused("transactional.id", NO_TRANSACTIONS),
          same("pooled-producer.enabled", "false"),
          refused("pooled-producer.*", NO_TRANSACTIONS),
          refused("interceptor-bean", "set interceptor.classes"),
          refused("key-serialization-failure-handler", REFUSED_MESSAGE),
          refused("value-serialization-failure-handler", REFUSED_MESSAGE),
          same("cloud-events", "false"),
          refused("cloud-events*", NO_CLOUD_EVENTS),
          same("waitForWriteCompletion", "true"),
          withoutEffect(
              "waitForWriteCompletion", "a message is acknowledged when Kafka has its record"),
          withoutEffect(
              "max-inflight-messages",
              "buffer.memory bounds what waits to be sent, and max.block.ms how long a sender waits"
                  + " for room"),
          withoutEffect("creation.retry.seconds", FOREVER),
          withoutEffect("context.service", CONTEXT),
          withoutEffect("lazy-client", "the producer is made at the first send"),
          same("health-enabled", "false"),
          withoutEffect("health-*", "outgoing channels are in no health check"));

  private final List<PeerAttribute> attributes;

  private PeerAttributes(PeerAttribute... attributes) {
    this.attributes = List.of(attributes);
  }

  /** Of an incoming channel, as {@link #warnings(Settings)}. */
  public static List<String> incomingWarnings(String channel, Config config) {
    return INCOMING.warnings(Settings.of(config, "mp.messaging.incoming." + channel + "."));
  }

  /** Of an outgoing channel, as {@link #warnings(Settings)}. */
  public static List<String> outgoingWarnings(String channel, Config config) {
    return OUTGOING.warnings(Settings.of(config, "mp.messaging.outgoing." + channel + "."));
  }

  /** In the order of the documentation. */
  List<PeerAttribute> all() {
    return attributes;
  }

  /** Whether another connector knows the attribute. */
  boolean include(String key) {
    return attributes.stream().anyMatch(attribute -> attribute.isNamed(key));
  }

  /**
   * Refuses a channel that would not do what its configuration asks for.
   *
   * @throws SettingsException for the first such attribute
   */
  void refuse(Settings settings) {
    for (String key : new TreeSet<>(keys(settings))) {
      found(settings, key)
          .filter(attribute -> attribute.fate() == Fate.REFUSED)
          .ifPresent(
              attribute -> {
                String value = Secrets.isSecret(key) ? Secrets.MASK : settings.text(key, "");
                throw new SettingsException(
                    settings.fullKey(key)
                        + " is '"
                        + value
                        + "', and the drivetrain connector has nothing like it: "
                        + attribute.instead());
              });
    }
  }

  /** What to tell about attributes that do nothing: one sentence each. */
  private List<String> warnings(Settings settings) {
    List<String> warnings = new ArrayList<>();
    for (String key : new TreeSet<>(keys(settings))) {
      found(settings, key)
          .filter(attribute -> attribute.fate() == Fate.WITHOUT_EFFECT)
          .ifPresent(
              attribute ->
                  warnings.add(
                      settings.fullKey(key) + " has no effect here: " + attribute.instead()));
    }
    return warnings;
  }

  private static List<String> keys(Settings settings) {
    List<String> keys = new ArrayList<>();
    settings.keys().forEach(keys::add);
    return keys;
  }

  private Optional<PeerAttribute> found(Settings settings, String key) {
    return settings
        .text(key)
        .flatMap(
            value ->
                attributes.stream()
                    .filter(attribute -> attribute.isNamed(key) && attribute.applies(value))
                    .findFirst());
  }
}
