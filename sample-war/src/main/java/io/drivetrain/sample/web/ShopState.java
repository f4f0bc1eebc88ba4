package io.drivetrain.sample.web;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The whole shop at one moment, as the page shows it. Absent values are null, which JSON-B leaves
 * out.
 *
 * @param now the server's clock; pauses are counted down against it
 * @param problem why orders, stock and customers cannot be shown; null when they are
 */
public record ShopState(
    Instant now,
    String problem,
    Totals totals,
    List<OrderView> orders,
    List<EventView> events,
    OutboxView outbox,
    List<StockView> stock,
    List<BillView> bills,
    List<CustomerView> customers,
    Set<String> broken,
    List<ChannelView> channels) {

  /** How many rows there are in all; the lists hold the newest. */
  public record Totals(long orders, long reserved, long billed) {}

  /** An order and what has become of it. */
  public record OrderView(
      long id,
      String customer,
      String item,
      int quantity,
      BigDecimal amount,
      boolean reserved,
      Long bill) {}

  /** A record of topic {@code orders}. */
  public record EventView(int partition, long offset, String key, String value, Instant time) {}

  /** How the outbox stands. */
  public record OutboxView(
      long depth, Double oldestSeconds, long sent, String owner, boolean mine, String problem) {}

  /** An item. */
  public record StockView(String item, BigDecimal price, int available, int reserved) {}

  /** A bill. */
  public record BillView(long number, long order, String customer, BigDecimal amount) {}

  /** A customer. */
  public record CustomerView(String id, String name, String city) {}

  /** An incoming channel. */
  public record ChannelView(
      String name, String phase, String problem, List<PartitionView> partitions) {}

  /** A partition of a channel. */
  public record PartitionView(
      String topic,
      int partition,
      long nextOffset,
      int queued,
      boolean inFlight,
      PauseView pause) {}

  /** A pause after a failure. */
  public record PauseView(
      long offset, int attempt, Instant since, Instant resumeAt, String failure) {}
}
