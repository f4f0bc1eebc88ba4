package io.drivetrain.tests.security;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.SecuredKafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** The application of this package: it copies the records of one topic to another. */
final class SecuredApp {
  static final String IN = "mp.messaging.incoming.in.";
  static final String OUT = "mp.messaging.outgoing.out.";

  private SecuredApp() {}

  /** Two topics, and a group named as the first; the user may use all of them. */
  record Place(Topic source, Topic target) {
    static Place allowedAt(SecuredKafkaBroker secured) {
      Place place = forbiddenAt(secured);
      secured.allow(place.source);
      secured.allow(place.target);
      secured.allowGroup(place.group());
      return place;
    }

    static Place forbiddenAt(SecuredKafkaBroker secured) {
      return new Place(
          secured.broker().newTopic("source", 1), secured.broker().newTopic("target", 1));
    }

    String group() {
      return source.name();
    }
  }

  /** The application without a word about its brokers. */
  static WeldApp.Builder copying(Place place) {
    return WeldApp.with(
            IN + "connector",
            "drivetrain",
            IN + "topic",
            place.source.name(),
            IN + "group.id",
            place.group(),
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            place.target.name(),
            "kafka.reconnect.backoff.max.ms",
            "200")
        .beans(Copier.class);
  }

  /** Adds client properties as settings that begin so. */
  static WeldApp.Builder with(
      WeldApp.Builder app, String prefix, Map<String, String> clientProperties) {
    clientProperties.forEach((name, value) -> app.and(prefix + name, value));
    return app;
  }

  /** How the channel that reads stands. */
  static ChannelState incoming(WeldApp app) {
    return app.get(Channels.class).state("in");
  }

  @ApplicationScoped
  static class Copier {
    @Incoming("in")
    @Outgoing("out")
    String copy(String value) {
      return value;
    }
  }
}
