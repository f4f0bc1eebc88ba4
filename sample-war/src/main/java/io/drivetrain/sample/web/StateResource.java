package io.drivetrain.sample.web;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.sample.billing.BrokenCustomers;
import io.drivetrain.sample.start.ShopTables;
import io.drivetrain.sample.web.ShopState.ChannelView;
import io.drivetrain.sample.web.ShopState.OutboxView;
import io.drivetrain.sample.web.ShopState.PartitionView;
import io.drivetrain.sample.web.ShopState.PauseView;
import io.drivetrain.sample.web.ShopState.Totals;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The whole shop at one moment; answers also while the database or the broker is away. */
@Path("/state")
@Produces(MediaType.APPLICATION_JSON)
public class StateResource {
  private static final double MILLIS_PER_SECOND = 1000.0;

  @Inject private ShopTables tables;
  @Inject private ShopBook book;
  @Inject private RecentEvents events;
  @Inject private BrokenCustomers broken;
  @Inject private Channels channels;
  @Inject private OutboxStatus outbox;

  /** The state now. */
  @GET
  public ShopState state() {
    String problem = null;
    ShopBook.Page page = ShopBook.Page.EMPTY;
    if (tables.done()) {
      try {
        page = book.read();
      } catch (PersistenceException e) {
        problem = "the database does not answer";
      }
    } else {
      problem = "waiting for " + tables.name();
    }
    return new ShopState(
        Instant.now(),
        problem,
        new Totals(page.orderCount(), page.reservationCount(), page.billCount()),
        page.orders(),
        events.newestFirst(),
        view(outbox.now()),
        page.stock(),
        page.bills(),
        page.customers(),
        broken.all(),
        channels.list().stream().map(StateResource::view).toList());
  }

  private static OutboxView view(OutboxStatus.Snapshot outbox) {
    return new OutboxView(
        outbox.depth(),
        outbox.oldest().map(Duration::toMillis).map(age -> age / MILLIS_PER_SECOND).orElse(null),
        outbox.sent(),
        outbox.owner().orElse(null),
        outbox.mine(),
        outbox.problem().orElse(null));
  }

  private static ChannelView view(ChannelState channel) {
    List<PartitionView> partitions =
        channel.partitions().stream().map(StateResource::view).toList();
    return new ChannelView(
        channel.name(), channel.phase().name(), channel.problem().orElse(null), partitions);
  }

  private static PartitionView view(PartitionState partition) {
    return new PartitionView(
        partition.topic(),
        partition.partition(),
        partition.nextOffset(),
        partition.queued(),
        partition.inFlight(),
        partition.pause().map(StateResource::view).orElse(null));
  }

  private static PauseView view(PartitionState.Pause pause) {
    return new PauseView(
        pause.offset(),
        pause.attempt(),
        pause.since(),
        pause.resumeAt().orElse(null),
        pause.failure());
  }
}
