package io.drivetrain.connector.internal.liveness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the application that writes a liveness file is alive: {@code java -jar
 * drivetrain-connector.jar probe <file> [max-age]}. Says one sentence and exits with 0 if it is, 1
 * if it is not, 2 if it was called wrongly. Needs nothing but the JDK and this jar.
 */
public final class Probe {
  private static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(60);
  private static final Pattern AGE = Pattern.compile("(\\d{1,9})(s|m|h)?");
  private static final String USAGE =
      "usage: java -jar drivetrain-connector-<version>.jar probe <file> [max-age], for example probe"
          + " /tmp/shop.live 60s";

  private Probe() {}

  /** The answer: what the process says and exits with. */
  record Answer(int exitCode, String sentence) {}

  /** The program. */
  public static void main(String[] arguments) {
    Answer answer = answer(List.of(arguments), Instant.now());
    (answer.exitCode() == 0 ? System.out : System.err).println(answer.sentence());
    System.exit(answer.exitCode());
  }

  static Answer answer(List<String> arguments, Instant now) {
    if (arguments.size() < 2 || arguments.size() > 3 || !arguments.get(0).equals("probe")) {
      return new Answer(2, USAGE);
    }
    Optional<Duration> maxAge =
        arguments.size() == 3 ? age(arguments.get(2)) : Optional.of(DEFAULT_MAX_AGE);
    return maxAge
        .map(age -> look(Path.of(arguments.get(1)), age, now))
        .orElseGet(
            () ->
                new Answer(
                    2,
                    "max-age is '" + arguments.get(2) + "'; expected for example 60s, 2m or 60"));
  }

  private static Optional<Duration> age(String text) {
    Matcher matcher = AGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        "h".equals(matcher.group(2))
            ? Duration.ofHours(number)
            : "m".equals(matcher.group(2))
                ? Duration.ofMinutes(number)
                : Duration.ofSeconds(number));
  }

  private static Answer look(Path path, Duration maxAge, Instant now) {
    try {
      return new LivenessFile(path)
          .read()
          .map(content -> judge(path, content, maxAge, now))
          .orElseGet(
              () -> new Answer(1, "not alive: there is no " + path + "; not started, or stopped"));
    } catch (IOException e) {
      return new Answer(1, "not alive: cannot read " + path + ": " + e);
    }
  }

  private static Answer judge(
      Path path, LivenessFile.Content content, Duration maxAge, Instant now) {
    Duration age = Duration.between(content.touched(), now);
    String seconds = Math.max(0, age.toSeconds()) + " s ago";
    if (!content.owner().runs()) {
      return new Answer(
          1, "not alive: process " + content.owner().pid() + ", which wrote " + path + ", is gone");
    }
    if (age.compareTo(maxAge) > 0) {
      return new Answer(
          1,
          "not alive: all channels were last alive "
              + seconds
              + ", more than "
              + maxAge.toSeconds()
              + " s");
    }
    return new Answer(0, "alive " + seconds + ": " + String.join(", ", content.lines()));
  }
}
