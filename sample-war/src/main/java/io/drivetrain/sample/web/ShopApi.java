package io.drivetrain.sample.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Everything under {@code /api}. */
@ApplicationPath("/api")
public class ShopApi extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        OrdersResource.class,
        CustomersResource.class,
        ChannelsResource.class,
        StateResource.class,
        Problems.class);
  }
}
