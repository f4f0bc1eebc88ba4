package io.drivetrain.sample.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** {@code POST /orders}, the shop's public door; beside it {@code /} stays the page. */
@ApplicationPath("/orders")
public class PublicOrdersApi extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(PublicOrders.class, Problems.class);
  }

  /** The same resource at the application's own path. */
  @Path("/")
  public static class PublicOrders extends OrdersResource {}
}
