package io.drivetrain.sample.web;

import io.drivetrain.sample.billing.BrokenCustomers;
import io.drivetrain.sample.customers.CustomerTopic;
import io.drivetrain.sample.orders.OrderRefused;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Writes customers to their topic, and breaks and heals their billing. */
@Path("/customers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CustomersResource {
  private static final int LONGEST_ID = 40;
  private static final int LONGEST_TEXT = 80;

  @Inject private CustomerTopic topic;
  @Inject private BrokenCustomers broken;

  /**
   * A customer to add or to describe anew.
   *
   * @param id the record key
   * @param name the full name
   * @param city where they live
   */
  public record CustomerRequest(String id, String name, String city) {}

  /** Sends a customer's record; 202 when Kafka has it, the table follows. */
  @POST
  public CompletionStage<Response> put(CustomerRequest request) {
    if (request == null
        || !fits(request.id(), LONGEST_ID)
        || !fits(request.name(), LONGEST_TEXT)
        || !fits(request.city(), LONGEST_TEXT)) {
      throw new OrderRefused(
          "a customer needs an id of at most "
              + LONGEST_ID
              + " characters, a name and a city of at most "
              + LONGEST_TEXT);
    }
    return topic
        .put(request.id().strip(), request.name().strip(), request.city().strip())
        .thenApply(sent -> Response.accepted().build());
  }

  private static boolean fits(String text, int longest) {
    return text != null && !text.isBlank() && text.length() <= longest;
  }

  /** Sends a tombstone; 202 when Kafka has it, the table follows. */
  @DELETE
  @Path("/{id}")
  public CompletionStage<Response> remove(@PathParam("id") String id) {
    return topic.remove(id).thenApply(sent -> Response.accepted().build());
  }

  /** From now on billing fails for this customer. */
  @POST
  @Path("/{id}/break")
  public void breakBilling(@PathParam("id") String id) {
    broken.add(id);
  }

  /** Billing works again for this customer. */
  @POST
  @Path("/{id}/heal")
  public void healBilling(@PathParam("id") String id) {
    broken.remove(id);
  }
}
