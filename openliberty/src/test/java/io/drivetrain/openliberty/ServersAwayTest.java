package io.drivetrain.openliberty;

import io.drivetrain.servers.ServersAway;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.util.regex.Pattern;

/** Outages on Open Liberty. */
class ServersAwayTest extends ServersAway {
  private static final Pattern COMPLAINT = Pattern.compile("(io\\.drivetrain\\S*) +[WE] (.*)");

  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    return Servers.with(ServersAwayTest.class, broker, postgres, database);
  }

  @Override
  protected Pattern complaint() {
    return COMPLAINT;
  }
}
