package io.drivetrain.sample.start;

import io.drivetrain.schema.platform.StartCondition;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Something done once at start, in the background, and tried again every second until it works.
 * Runs on one managed thread at a time; requests and health read {@link #problem} from theirs.
 */
abstract class StartTask implements StartCondition {
  private static final Logger LOG = System.getLogger(StartTask.class.getName());
  private static final int SECONDS_BETWEEN_ATTEMPTS = 1;

  private final CompletableFuture<Void> met = new CompletableFuture<>();
  private volatile String problem = "";

  @Resource private ManagedScheduledExecutorService executor;

  /** What is made, for logs and health. */
  protected abstract String what();

  /** Does it, or throws; must be harmless when it was done before. */
  protected abstract void attempt() throws Exception;

  void begin() {
    executor.execute(this::tryOnce);
  }

  private void tryOnce() {
    try {
      attempt();
    } catch (Exception e) {
      String reason = reason(e);
      // One line for an outage however long it lasts.
      if (!reason.equals(problem)) {
        LOG.log(Level.WARNING, "{0} have to wait: {1}", what(), reason);
      }
      problem = reason;
      executor.schedule(this::tryOnce, SECONDS_BETWEEN_ATTEMPTS, TimeUnit.SECONDS);
      return;
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
