package io.drivetrain.openliberty;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.servers.StopStory;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;

/** A graceful stop on Open Liberty. */
class StopStoryTest extends StopStory {
  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    return Servers.with(StopStoryTest.class, broker, postgres, database);
  }
}
