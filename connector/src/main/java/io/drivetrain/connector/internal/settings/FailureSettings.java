package io.drivetrain.connector.internal.settings;

import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailureClasses;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import io.drivetrain.schema.settings.Durations;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what becomes of failed records. */
final class FailureSettings {
  private static final Logger LOG = System.getLogger(FailureSettings.class.getName());

  /** Of a named package: a name alone is hardly ever what an exception's class is called. */
  private static final Pattern CLASS_NAME =
      Pattern.compile(
          "NAME(\\.NAME)+"
              .replace("NAME", "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"));

  private FailureSettings() {}

  static FailurePolicy read(Settings settings) {
    Strategy strategy =
        Strategy.of(
            settings.oneOf(
                IncomingAttributes.FAILURE_STRATEGY.name(),
                Strategy.texts(),
                IncomingAttributes.FAILURE_STRATEGY.defaultValue()));
    refuseIdle(settings, strategy);
    return new FailurePolicy(backoff(settings), strategy, maxAttempts(settings), classes(settings));
  }

  /** An attribute that is silently ignored is found out in production. */
  private static void refuseIdle(Settings settings, Strategy strategy) {
    if (strategy == Strategy.PAUSE) {
      refuse(settings, IncomingAttributes.MAX_ATTEMPTS, "dead-letter-queue, ignore or fail");
      refuse(settings, IncomingAttributes.RETRY_ON, "dead-letter-queue, ignore or fail");
    }
    if (strategy != Strategy.DEAD_LETTER_QUEUE) {
      refuse(settings, IncomingAttributes.DEAD_LETTER_ON, "dead-letter-queue");
    }
  }

  private static void refuse(Settings settings, Attribute attribute, String strategies) {
    settings
        .text(attribute.name())
        .ifPresent(
            value -> {
              throw SettingsException.of(
                  settings.fullKey(attribute.name()),
                  value,
                  "nothing: it means something only with failure-strategy=" + strategies);
            });
  }

  private static Backoff backoff(Settings settings) {
    String key = IncomingAttributes.PAUSE_TIMEOUT.name();
    Optional<Duration> pause =
        settings.text(key, "").equals("-1")
            ? Optional.empty()
            : Optional.of(
                settings
                    .parsed(key, "a duration such as 10s or PT10S, 0, or -1", Durations::parse)
                    .orElse(Durations.parse(IncomingAttributes.PAUSE_TIMEOUT.defaultValue())));
    Attribute exponential = IncomingAttributes.PAUSE_WITH_EXPONENTIAL_BACKOFF;
    Attribute max = IncomingAttributes.MAX_PAUSE_TIMEOUT;
    return new Backoff(
        pause,
        settings.flag(exponential.name(), Boolean.parseBoolean(exponential.defaultValue())),
        settings.duration(max.name(), Durations.parse(max.defaultValue())));
  }

  private static int maxAttempts(Settings settings) {
    Attribute attribute = IncomingAttributes.MAX_ATTEMPTS;
    return settings
        .parsed(
            attribute.name(),
            "a whole number from 1, or -1",
            text -> {
              int number = Integer.parseInt(text);
              if (number < 1 && number != -1) {
                throw new IllegalArgumentException("no number of deliveries");
              }
              return number == -1 ? Integer.MAX_VALUE : number;
            })
        .orElse(Integer.valueOf(attribute.defaultValue()));
  }

  private static FailureClasses classes(Settings settings) {
    Set<String> retried = exceptions(settings, IncomingAttributes.RETRY_ON.name());
    Set<String> atOnce = exceptions(settings, IncomingAttributes.DEAD_LETTER_ON.name());
    Set<String> both = new HashSet<>(retried);
    both.retainAll(atOnce);
    if (!both.isEmpty()) {
      throw new SettingsException(
          settings.fullKey(IncomingAttributes.RETRY_ON.name())
              + " and "
              + IncomingAttributes.DEAD_LETTER_ON.name()
              + " both name "
              + String.join(", ", both)
              + "; expected a class in one of them");
    }
    return new FailureClasses(retried, atOnce);
  }

  private static Set<String> exceptions(Settings settings, String key) {
    List<String> names = settings.list(key);
    for (String name : names) {
      if (!CLASS_NAME.matcher(name).matches()) {
        throw SettingsException.of(
            settings.fullKey(key), name, "exception classes with their packages");
      }
      try {
        Class<?> type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        if (!Throwable.class.isAssignableFrom(type)) {
          throw SettingsException.of(
              settings.fullKey(key), name, "exception classes; this class is none");
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // No error: the exceptions of a server's own libraries are hidden from applications.
        LOG.log(
            Level.WARNING,
            "{0}: the application sees no class {1}; failures of a class of that name count",
            settings.fullKey(key),
            name);
      }
    }
    return Set.copyOf(names);
  }
}
