package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Customers who order all the time, each one order after the other, whether the shop is there or
 * not.
 */
final class Customers implements AutoCloseable {
  private static final long MILLIS_BETWEEN_ORDERS = 25;

  private final Shop shop;
  private final ScheduledExecutorService threads;
  private final List<ScheduledFuture<?>> customers;
  private final Queue<Long> accepted = new ConcurrentLinkedQueue<>();

  /** They begin at once. */
  Customers(Shop shop, List<String> names) {
    this.shop = shop;
    this.threads = Executors.newScheduledThreadPool(2);
    this.customers =
        names.stream()
            .<ScheduledFuture<?>>map(
                name ->
                    threads.scheduleWithFixedDelay(
                        () -> order(name), 0, MILLIS_BETWEEN_ORDERS, TimeUnit.MILLISECONDS))
            .toList();
  }

  private void order(String customer) {
    try {
      HttpResponse<String> answer = shop.post("orders", Shop.order(customer, "lamp", 1));
      if (answer.statusCode() == 201) {
        accepted.add(Shop.number(answer));
      }
    } catch (AssertionError away) {
      // The shop does not answer: the next order may find it again.
    }
  }

  /** The numbers of the orders that the shop said it has. */
  Collection<Long> accepted() {
    return accepted;
  }

  /** Waits for this many more orders that the shop accepts. */
  void awaitOrders(int more, Duration bound) {
    int wanted = accepted.size() + more;
    eventually(bound, () -> assertThat(accepted).hasSizeGreaterThanOrEqualTo(wanted));
  }

  /** Waits until nobody orders any more. */
  void stop() {
    assertThat(customers).as("customers who gave up").noneMatch(ScheduledFuture::isDone);
    customers.forEach(customer -> customer.cancel(false));
    threads.shutdown();
    try {
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).as("they stop").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
