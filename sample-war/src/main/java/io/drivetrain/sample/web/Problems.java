package io.drivetrain.sample.web;

import io.drivetrain.sample.orders.OrderRefused;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Turns exceptions into {@code {"problem": "..."}}: 400 for the caller's, 503 for a server's. */
public class Problems implements ExceptionMapper<RuntimeException> {
  private static final Logger LOG = System.getLogger(Problems.class.getName());

  /**
   * The body of an error.
   *
   * @param problem the sentence to show
   */
  public record Problem(String problem) {}

  @Override
  public Response toResponse(RuntimeException failure) {
    if (failure instanceof WebApplicationException known) {
      return known.getResponse();
    }
    if (failure instanceof OrderRefused || failure instanceof IllegalArgumentException) {
      return answer(Response.Status.BAD_REQUEST, failure.getMessage());
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    LOG.log(Level.WARNING, "a request failed: {0}", root.toString());
    return answer(
        Response.Status.SERVICE_UNAVAILABLE, "the shop cannot do this now, try again soon");
  }

  private static Response answer(Response.Status status, String problem) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(new Problem(problem))
        .build();
  }
}
