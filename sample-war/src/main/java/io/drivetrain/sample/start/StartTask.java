package io.drivetrain.sample.start;

import io.drivetrain.schema.platform.StartCondition;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Something done once at start, in the background, and tried again every second until it works or
 * the application stops. Runs on one managed thread at a time; requests and health read {@link
 * #problem} from theirs.
 */
abstract class StartTask implements StartCondition {
  private static final Logger LOG = System.getLogger(StartTask.class.getName());
  private static final int SECONDS_BETWEEN_ATTEMPTS = 1;
  private static final int SECONDS_TO_STOP = 10;

  private final CompletableFuture<Void> met = new CompletableFuture<>();
  private final Lock attempting = new ReentrantLock();
  private volatile String problem = "";

  /** Guarded by this. */
  private Future<?> next;

  /** Guarded by this. */
  private boolean stopped;

  @Resource private ManagedScheduledExecutorService executor;

  /** What is made, for logs and health. */
  protected abstract String what();

  /** Does it, or throws; must be harmless when it was done before. */
  protected abstract void attempt() throws Exception;

  void begin() {
    scheduleIn(0);
  }

  private synchronized boolean scheduleIn(int seconds) {
    if (!stopped) {
      next = executor.schedule(this::tryOnce, seconds, TimeUnit.SECONDS);
    }
    return !stopped;
  }

  /** A thread or a connection that outlived the application would hold its classes as well. */
  void stop(@Observes Shutdown shutdown) throws InterruptedException {
    synchronized (this) {
      stopped = true;
      if (next != null) {
        next.cancel(true);
      }
    }
    if (attempting.tryLock(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
      attempting.unlock();
    }
  }

  private void tryOnce() {
    attempting.lock();
    try {
      attempt();
    } catch (Exception e) {
      String reason = reason(e);
      boolean again = scheduleIn(SECONDS_BETWEEN_ATTEMPTS);
      // One line for an outage however long it lasts.
      if (again && !reason.equals(problem)) {
        LOG.log(Level.WARNING, "{0} have to wait: {1}", what(), reason);
      }
      problem = reason;
      return;
    } finally {
      attempting.unlock();
    }
    problem = "";
    LOG.log(Level.INFO, "{0} are there", what());
    met.complete(null);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    String text = message == null ? root.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse("").strip();
  }

  @Override
  public String name() {
    return problem.isEmpty() ? what() : what() + " (" + problem + ")";
  }

  @Override
  public CompletionStage<Void> met() {
    return met;
  }

  /** Whether it is done. */
  public boolean done() {
    return met.isDone();
  }
}
