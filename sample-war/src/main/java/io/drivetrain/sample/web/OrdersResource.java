package io.drivetrain.sample.web;

import io.drivetrain.sample.event.OrderPlaced;
import io.drivetrain.sample.orders.OrderRefused;
import io.drivetrain.sample.orders.Orders;
import io.drivetrain.sample.orders.ShopOrder;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Takes orders. */
@Path("/orders")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {

  @Inject private Orders orders;

  /**
   * What a customer asks for.
   *
   * @param customer who orders
   * @param item what, a name from the stock
   * @param quantity how many
   */
  public record OrderRequest(String customer, String item, int quantity) {}

  /** Stores the order and its event in one transaction; 201 with the order and its number. */
  @POST
  public Response place(OrderRequest request) {
    if (request == null) {
      throw new OrderRefused(
          "expected JSON such as {\"customer\": \"anna\", \"item\": \"lamp\", \"quantity\": 1}");
    }
    ShopOrder order = orders.place(request.customer(), request.item(), request.quantity());
    return Response.status(Response.Status.CREATED)
        .entity(
            new OrderPlaced(
                order.id(), order.customer(), order.item(), order.quantity(), order.amount()))
        .build();
  }
}
