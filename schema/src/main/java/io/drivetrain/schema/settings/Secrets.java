package io.drivetrain.schema.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/**
 * What must not be read in a log, an error or a health response: the values of settings whose names
 * say so. Immutable.
 */
public final class Secrets {
  /** What stands where a secret was. */
  public static final String MASK = "***";

  private static final List<String> WORDS =
      List.of(
          "password",
          "passphrase",
          "secret",
          "credential",
          "jaas",
          "token",
          "assertion",
          "private.key",
          "keystore.key",
          "cert.key",
          "api.key",
          "basic.auth");

  private static final Pattern JAAS_OPTION =
      Pattern.compile("([\\w.]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;\"']+))");

  /** What is no secret in a login module's configuration, nor in a PEM text. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "required|requisite|sufficient|optional|username|password|[\\w.$]*LoginModule|-----.*|.*-----|RSA|PRIVATE"
              + "|ENCRYPTED|.{0,2}");

  private final List<String> longestFirst;

  private Secrets(Set<String> texts) {
    longestFirst =
        texts.stream()
            .filter(text -> !HARMLESS.matcher(text).matches())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Whether the setting of this name holds a secret; any spelling, with any prefix. */
  public static boolean isSecret(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    return WORDS.stream().anyMatch(plain::contains);
  }

  /** The secrets among these properties, whole and in the pieces an error might quote. */
  public static Secrets of(Map<String, ?> properties) {
    Set<String> texts = new TreeSet<>();
    properties.forEach(
        (name, value) -> {
          if (isSecret(name)) {
            String text = String.valueOf(value).trim();
            texts.add(text);
            addPieces(texts, text);
          }
        });
    return new Secrets(texts);
  }

  private static void addPieces(Set<String> texts, String text) {
    StringBuilder rest = new StringBuilder();
    Matcher option = JAAS_OPTION.matcher(text);
    while (option.find()) {
      option.appendReplacement(rest, " ");
      if (!option.group(1).equalsIgnoreCase("username")) {
        texts.add(option.group(2) == null ? option.group(3) : option.group(2));
      }
    }
    option.appendTail(rest);
    // Also what follows a value that lacks its quotes: a parser would name it as an option.
    Stream.of(rest.toString().split("[\\s\"';=]+")).forEach(texts::add);
  }

  /** The text with every secret replaced. */
  public String removedFrom(String text) {
    String clean = text;
    for (String secret : longestFirst) {
      clean = clean.replace(secret, MASK);
    }
    return clean;
  }

  /**
   * The failure of a client as it may be shown: itself, if no secret is in it or its causes, else
   * one that says the same without. Kafka quotes what it cannot parse, of a login for example.
   */
  public RuntimeException removedFrom(RuntimeException failure) {
    Throwable root = failure;
    boolean clean = areAbsentFrom(failure);
    while (root.getCause() != null) {
      root = root.getCause();
      clean &= areAbsentFrom(root);
    }
    if (clean) {
      return failure;
    }
    RuntimeException told = new KafkaException(removedFrom(root.toString()));
    told.setStackTrace(failure.getStackTrace());
    return told;
  }

  private boolean areAbsentFrom(Throwable failure) {
    String text = failure.toString();
    return longestFirst.stream().noneMatch(text::contains);
  }
}
