package io.drivetrain.openliberty;

import io.drivetrain.servers.RedeployStory;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;

/** Redeployments on Open Liberty. */
class RedeployStoryTest extends RedeployStory {
  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    return Servers.with(RedeployStoryTest.class, broker, postgres, database);
  }

  @Override
  protected int keptByTheServer() {
    return 0;
  }
}
