package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notes each call and does what the text of the records says. Called on delivering threads.
 *
 * <ul>
 *   <li>{@code fails}: throws until healed
 *   <li>{@code fails 3 times}: throws at the first three attempts
 *   <li>{@code fails alone}: throws a {@link BatchFailure} that names the record, until healed
 *   <li>{@code breaks 1 times}: throws an {@link Error} instead
 *   <li>{@code waits}: goes on when released
 *   <li>{@code takes 500 ms}: is slow
 *   <li>anything else: is done
 * </ul>
 */
@ApplicationScoped
public class RecorderBean implements Recorder {
  private static final Pattern TIMES = Pattern.compile("(fails|breaks) (\\d+) times.*");
  private static final Pattern SLOW = Pattern.compile("takes (\\d+) ms.*");
  private static final int LONGEST_WAIT_SECONDS = 120;

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean healthy;

  /** To be called by consumer methods with the payload's text, or one text per record. */
  void take(Delivery delivery, String... values) {
    seen.add(
        new Seen(
            delivery.channel(),
            delivery.topic(),
            delivery.partition(),
            delivery.firstOffset(),
            delivery.lastOffset(),
            delivery.attempt(),
            List.of(values)));
    for (int i = 0; i < values.length; i++) {
      obey(values[i], i, delivery.attempt());
    }
  }

  private void obey(String value, int index, int attempt) {
    Matcher times = TIMES.matcher(value);
    Matcher slow = SLOW.matcher(value);
    if (slow.matches()) {
      sleep(Long.parseLong(slow.group(1)));
    } else if (value.startsWith("waits")) {
      await();
    } else if (times.matches()) {
      if (attempt <= Integer.parseInt(times.group(2))) {
        if (times.group(1).equals("breaks")) {
          throw new AssertionError("told to break: " + value);
        }
        throw new ToldToFail(value);
      }
    } else if (value.startsWith("fails") && !healthy) {
      ToldToFail failure = new ToldToFail(value);
      throw value.equals("fails alone") ? BatchFailure.at(index, failure) : failure;
    }
  }

  private void await() {
    try {
      if (!released.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody released what waits");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while told to wait", e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while told to be slow", e);
    }
  }

  @Override
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void heal() {
    healthy = true;
  }

  @Override
  public void release() {
    released.countDown();
  }

  /** What a consumer throws when a record says so. */
  public static final class ToldToFail extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ToldToFail(String value) {
      super("told to fail: " + value);
    }
  }
}
