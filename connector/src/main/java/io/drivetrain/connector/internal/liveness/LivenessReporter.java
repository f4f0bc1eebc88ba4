package io.drivetrain.connector.internal.liveness;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.internal.ChannelRegistry;
import io.drivetrain.connector.internal.inbound.Life;
import io.drivetrain.schema.platform.ContainerThreads;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Touches the liveness file for as long as every channel is alive and every poll loop has turned
 * since the last touch. The thread {@code drivetrain-liveness} owns it from start to stop; without
 * the setting there is neither.
 */
@ApplicationScoped
public class LivenessReporter {
  private static final Logger LOG = System.getLogger(LivenessReporter.class.getName());
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** How many times in a row it is not touched before that is worth a line. */
  private static final int SILENT = 6;

  private final ChannelRegistry registry;
  private final Optional<LivenessFile> file;

  /** Where each poll loop stood at the last touch. */
  private final Map<String, Long> beats = new HashMap<>();

  private int missed;
  private volatile boolean stopping;
  private volatile Thread thread;

  /** For the container's proxy. */
  protected LivenessReporter() {
    this(null, Optional.empty());
  }

  /** By the container. */
  @Inject
  public LivenessReporter(ChannelRegistry registry, LivenessExtension extension) {
    this(registry, extension.file());
  }

  LivenessReporter(ChannelRegistry registry, Optional<LivenessFile> file) {
    this.registry = registry;
    this.file = file;
  }

  void start(@Observes Startup event) {
    if (file.isPresent() && thread == null) {
      thread = ContainerThreads.find().newThread("drivetrain-liveness", this::run);
      thread.start();
    }
  }

  /** After the channels have stopped: until then the application lives. */
  void stop(@Observes @Priority(60) Shutdown event) {
    stop();
  }

  void stop(@Observes @Priority(60) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  private void stop() {
    Thread started = thread;
    if (started == null) {
      return;
    }
    stopping = true;
    LockSupport.unpark(started);
    try {
      started.join(INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      tick();
      LockSupport.parkNanos(this, INTERVAL.toNanos());
      // A container interrupts its threads when it stops; the stop itself follows.
      Thread.interrupted();
    }
    try {
      file.orElseThrow().remove();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} could not be removed: {1}", file.get().path(), e.toString());
    }
  }

  /** Looks once, and touches the file if all is well. */
  void tick() {
    Optional<String> obstacle = obstacle();
    if (obstacle.isEmpty()) {
      if (missed >= SILENT) {
        LOG.log(Level.INFO, "{0} is touched again", file.orElseThrow().path());
      }
      missed = 0;
    } else if (++missed == SILENT) {
      LOG.log(Level.WARNING, "{0} is not touched: {1}", file.orElseThrow().path(), obstacle.get());
    }
  }

  private Optional<String> obstacle() {
    try {
      List<Life> lives = registry.lives();
      for (Life life : lives) {
        Optional<String> obstacle = obstacle(life);
        if (obstacle.isPresent()) {
          return obstacle.map(words -> "channel " + life.state().name() + " " + words);
        }
      }
      Optional<LivenessFile.Owner> other = file.orElseThrow().otherWriter(Instant.now());
      if (other.isPresent()) {
        return Optional.of("process " + other.get().pid() + " writes it as well");
      }
      file.get().touch(lives.stream().map(LivenessReporter::line).toList());
      lives.forEach(life -> beats.put(life.state().name(), life.beats()));
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of(e.toString());
    }
  }

  private Optional<String> obstacle(Life life) {
    ChannelState state = life.state();
    if (!state.isAlive()) {
      return Optional.of(state.stuck().or(state::problem).orElse("is dead"));
    }
    boolean turned = life.beats() < 0 || life.beats() != beats.getOrDefault(state.name(), -1L);
    return turned ? Optional.empty() : Optional.of("does not poll");
  }

  private static String line(Life life) {
    ChannelState state = life.state();
    long paused =
        state.partitions().stream()
            .filter(partition -> partition.paused() || partition.failing() > 0)
            .count();
    return state.name()
        + " "
        + state.phase()
        + " with "
        + state.partitions().size()
        + " partitions"
        + (paused == 0 ? "" : " of which " + paused + " paused")
        + state.problem().map(problem -> " (" + problem + ")").orElse("");
  }
}
