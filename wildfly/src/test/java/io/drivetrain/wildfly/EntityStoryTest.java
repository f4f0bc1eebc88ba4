package io.drivetrain.wildfly;

import io.drivetrain.servers.EntityStory;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Entities, Avro, backfills and pollers on WildFly, with its Hibernate. */
class EntityStoryTest extends EntityStory {
  @Override
  protected Path shopWar() {
    return Installation.built().war();
  }

  @Override
  protected Path build() {
    return Path.of(System.getProperty(Installation.BUILD_DIRECTORY));
  }

  @Override
  protected List<String> moreLibraries() {
    return List.of("drivetrain-hibernate");
  }

  @Override
  protected ShopServer server(
      Path war,
      KafkaBroker broker,
      Postgres postgres,
      String database,
      Map<String, String> environment) {
    return Servers.with(
        Installation.built().with(war),
        EntityStoryTest.class,
        broker,
        postgres,
        database,
        environment);
  }
}
