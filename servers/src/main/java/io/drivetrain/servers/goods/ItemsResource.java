package io.drivetrain.servers.goods;

import io.drivetrain.entitysync.EntityEvents;
import jakarta.enterprise.context.RequestScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;

/** Changes items, and publishes all of them. */
@Path("/items")
@RequestScoped
@Transactional
@Consumes(MediaType.APPLICATION_JSON)
public class ItemsResource {
  @PersistenceContext private EntityManager entities;

  /**
   * What an item is to be.
   *
   * @param name as people call it
   * @param price with two digits after the point
   */
  public record Description(String name, BigDecimal price) {}

  /** Makes an item, or describes it anew. */
  @POST
  @Path("/{id}")
  public void describe(@PathParam("id") long id, Description description) {
    Item item = entities.find(Item.class, id);
    if (item == null) {
      item = new Item(id);
      item.describe(description.name(), description.price());
      entities.persist(item);
    } else {
      item.describe(description.name(), description.price());
    }
  }

  /** Removes an item. */
  @DELETE
  @Path("/{id}")
  public void remove(@PathParam("id") long id) {
    entities.remove(entities.find(Item.class, id));
  }

  /** Publishes what is in the table. */
  @POST
  @Path("/republish")
  public void republish() {
    EntityEvents.republish(Item.class);
  }
}
