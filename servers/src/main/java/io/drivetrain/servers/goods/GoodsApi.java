package io.drivetrain.servers.goods;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Everything under {@code /api}. */
@ApplicationPath("/api")
public class GoodsApi extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(ItemsResource.class);
  }
}
