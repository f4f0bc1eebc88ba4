package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** A topic that this application may not write to, on a broker that checks. */
@UsePostgres
class NotAuthorizedTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final Postgres postgres;

  NotAuthorizedTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void only_that_topic_waits_until_the_right_is_granted() throws Exception {
    try (KafkaBroker kafka =
            KafkaBroker.create(
                Map.of(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "allow.everyone.if.no.acl.found",
                    "true"));
        Shop shop = Shop.on(postgres)) {
      kafka.start();
      Topic forbidden = kafka.newTopic("forbidden", 1);
      Topic allowed = kafka.newTopic("allowed", 1);
      AclBinding noWrite =
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, forbidden.name(), PatternType.LITERAL),
              new AccessControlEntry(
                  "User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
      AclBinding mayRead =
          new AclBinding(
              noWrite.pattern(),
              new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW));
      kafka.admin().createAcls(List.of(noWrite, mayRead)).all().get(30, TimeUnit.SECONDS);
      OutboxNode node = shop.drain("n", kafka.bootstrapServers());

      for (String value : List.of("1", "2")) {
        Jta.transaction(
            () -> {
              shop.outbox().publish(forbidden.name(), "k", value.getBytes(UTF_8));
              shop.outbox().publish(allowed.name(), "k", value.getBytes(UTF_8));
            });
      }

      eventually(() -> assertThat(allowed.values().stream().distinct()).containsExactly("1", "2"));
      eventually(
          () ->
              assertThat(node.now().problem().orElse(""))
                  .contains("topic " + forbidden.name())
                  .contains("Authoriz"));
      assertThat(forbidden.values()).isEmpty();
      assertThat(shop.parked()).isZero();

      kafka.admin().deleteAcls(List.of(noWrite.toFilter())).all().get(30, TimeUnit.SECONDS);

      eventually(LONG, () -> assertThat(forbidden.values()).containsExactly("1", "2"));
      eventually(() -> assertThat(node.now().problem()).isEmpty());
    }
  }
}
