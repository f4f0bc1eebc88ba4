package io.drivetrain.wildfly;

import io.drivetrain.servers.RedeployStory;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;

/** Redeployments on WildFly. */
class RedeployStoryTest extends RedeployStory {
  /**
   * Threads that answer requests end when there are none: RESTEasy leaves in such a thread the
   * application that was deployed when it last ended a request.
   */
  @Override
  protected ShopServer server(KafkaBroker broker, Postgres postgres, String database) {
    ShopServer server = Servers.with(RedeployStoryTest.class, broker, postgres, database);
    ((WildFlyServer) server.process())
        .edit(
            xml ->
                xml.replace(
                    "<worker name=\"default\"/>",
                    "<worker name=\"default\" task-core-threads=\"0\" task-keepalive=\"100\"/>"));
    return server;
  }

  /** Mutiny keeps an exception with the stack of the first deployment that ended a stream. */
  @Override
  protected int keptByTheServer() {
    return 1;
  }
}
