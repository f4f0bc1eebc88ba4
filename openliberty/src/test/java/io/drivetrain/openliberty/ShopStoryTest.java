package io.drivetrain.openliberty;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.servers.ShopStory;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;

/** The shop's story on Open Liberty. */
class ShopStoryTest extends ShopStory {
  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    return Servers.with(ShopStoryTest.class, broker, postgres, database);
  }
}
