package io.drivetrain.wildfly;

import io.drivetrain.servers.ServersAway;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.util.regex.Pattern;

/** Outages on WildFly. */
class ServersAwayTest extends ServersAway {
  private static final Pattern COMPLAINT =
      Pattern.compile("(?:WARN|ERROR|SEVERE) +\\[(io\\.drivetrain[^\\]]*)\\] \\([^)]*\\) (.*)");

  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    return Servers.with(ServersAwayTest.class, broker, postgres, database);
  }

  @Override
  protected Pattern complaint() {
    return COMPLAINT;
  }
}
