package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.UndecodableException;
import io.drivetrain.connector.internal.assignment.Failure;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.deadletter.DeadLetterTopic;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Carries out what the policy says of a failed delivery, and tells it to the listeners and in one
 * line to an operator. Stateless; each lane calls it on its own thread, which waits while a dead
 * letter is sent.
 */
final class FailureHandler {
  private static final Logger LOG = System.getLogger(FailureHandler.class.getName());

  private final String channel;
  private final FailurePolicy policy;
  private final Dispatcher dispatcher;
  private final DeadLetterTopic deadLetters;
  private final Listeners listeners;
  private final Consumer<String> onFatal;

  /**
   * A handler of all failures of a channel.
   *
   * @param onFatal ends the channel; takes the reason
   */
  FailureHandler(
      String channel,
      FailurePolicy policy,
      Dispatcher dispatcher,
      DeadLetterTopic deadLetters,
      Listeners listeners,
      Consumer<String> onFatal) {
    this.channel = channel;
    this.policy = policy;
    this.dispatcher = dispatcher;
    this.deadLetters = deadLetters;
    this.listeners = listeners;
    this.onFatal = onFatal;
  }

  /** A delivery of the records after those completed failed, and the lane gives the run back. */
  void failed(Run run, Broken broken) {
    int attempt = run.attempt(run.completed());
    tell(run, broken.size(), (listener, delivery) -> listener.failed(delivery, broken.cause()));
    // Somebody else gets the partition, or this node after a restart: it decides then.
    Strategy strategy = run.isStopped() ? Strategy.PAUSE : policy.decide(attempt, broken.cause());
    switch (strategy) {
      case PAUSE -> pause(run, broken.cause(), broken.size());
      case DEAD_LETTER_QUEUE -> deadLetter(run, broken, attempt);
      case IGNORE -> ignore(run, broken, attempt);
      case FAIL -> fail(run, broken, attempt);
    }
  }

  private void pause(Run run, Throwable cause, int size) {
    Optional<Failure> failure = dispatcher.failed(run, size, cause);
    failure.ifPresent(
        at -> {
          String end =
              at.resumeAt().map(instant -> "until " + instant).orElse("until it is resumed");
          log(
              run.partition() + " offset " + at.offset() + " failed",
              at.failures(),
              cause,
              (run.isOfOneKey() ? "; its key pauses " : "; the partition pauses ") + end);
          Optional<Duration> pause = at.resumeAt().map(e -> Duration.between(at.since(), e));
          listeners.tell(channel, l -> l.paused(channel, run.partition(), pause));
        });
  }

  private void deadLetter(Run run, Broken broken, int attempt) {
    int from = run.completed();
    DeadLetterTopic.Sent sent =
        deadLetters.send(
            run.records().subList(from, from + broken.blamed()), broken.cause(), attempt);
    if (sent.stored() > 0) {
      String where = " and went to the dead-letter topic " + deadLetters.name();
      log(name(run, sent.stored()) + " failed" + where, attempt, broken.cause(), "");
      tell(
          run,
          sent.stored(),
          (listener, delivery) ->
              listener.deadLettered(delivery, broken.cause(), deadLetters.name()));
      run.completed(from + sent.stored());
    }
    if (sent.failure() == null) {
      dispatcher.returned(run);
    } else {
      Throwable cause = new DeadLetterFailure(deadLetters.name(), sent.failure(), broken.cause());
      pause(run, cause, broken.size() - sent.stored());
    }
  }

  private void ignore(Run run, Broken broken, int attempt) {
    log(name(run, broken.blamed()) + " failed and is ignored", attempt, broken.cause(), "");
    tell(run, broken.blamed(), (listener, delivery) -> listener.ignored(delivery, broken.cause()));
    run.completed(run.completed() + broken.blamed());
    dispatcher.returned(run);
  }

  private void fail(Run run, Broken broken, int attempt) {
    String reason =
        name(run, broken.blamed()) + " failed, attempt " + attempt + ": " + broken.cause();
    LOG.log(
        Level.ERROR,
        "channel " + channel + ": " + reason + "; failure-strategy=fail ends the channel",
        broken.cause());
    // Before the run is given back, or its records could be handed out once more.
    dispatcher.drain(dispatcher.names());
    dispatcher.failed(run, broken.size(), broken.cause());
    onFatal.accept(reason);
  }

  /** The records after those completed, in words. */
  private static String name(Run run, int count) {
    long first = run.record(run.completed()).offset();
    long last = run.record(run.completed() + count - 1).offset();
    return run.partition()
        + (first == last ? " offset " + first : " offsets " + first + " to " + last);
  }

  private void log(String what, int attempt, Throwable cause, String after) {
    String line =
        "channel " + channel + ": " + what + ", attempt " + attempt + ": " + cause + after;
    // Where user code failed is worth a stack once; one of a decoder could quote the record.
    if (attempt == 1 && !(cause instanceof UndecodableException)) {
      LOG.log(Level.WARNING, line, cause);
    } else {
      LOG.log(Level.WARNING, line);
    }
  }

  private void tell(Run run, int size, BiConsumer<ChannelListener, Delivery> event) {
    if (!listeners.isEmpty()) {
      Delivery delivery = run.delivery(channel, run.completed(), size);
      listeners.tell(channel, listener -> event.accept(listener, delivery));
    }
  }
}
