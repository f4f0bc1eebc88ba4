package ${package}.web;

import ${package}.customers.Customer;
import ${package}.orders.Orders;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** What is to be seen and done by HTTP. */
@Path("/")
@RequestScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class Api {
  /** An order as it comes in. */
  public record NewOrder(String customer, String item, int price) {}

  @Inject private Orders orders;
  @PersistenceContext private EntityManager entities;

  @POST
  @Path("orders")
  public String place(NewOrder order) {
    return orders.place(order.customer(), order.item(), order.price());
  }

  @GET
  @Path("customers")
  public List<Customer> customers() {
    return entities.createQuery("select c from Customer c", Customer.class).getResultList();
  }
}
