package io.drivetrain.tests.documentation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class can say: the pieces of its string literals between the places where values are put.
 * A sentence is its own if each part between two placeholders is made of whole pieces. Immutable.
 */
final class Wording {
  private static final Pattern COMMENT =
      Pattern.compile("/\\*.*?\\*/|\"(?:[^\"\\\\\n]|\\\\.)*\"|//[^\n]*", Pattern.DOTALL);
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
  private static final Pattern PLACE = Pattern.compile("\\{\\d}|<[\\w.-]+>|%[sd]");

  /** A word that a placeholder of a page stands for. */
  private static final Pattern PLACEHOLDER = Pattern.compile("<[^>]+>");

  private final Set<String> pieces;

  private Wording(Set<String> pieces) {
    this.pieces = pieces;
  }

  static Wording of(Path source) {
    return of(Repository.text(source));
  }

  static Wording of(String java) {
    Set<String> pieces = new HashSet<>();
    String code = JOINED.matcher(withoutComments(java)).replaceAll("");
    Matcher literal = LITERAL.matcher(code);
    while (literal.find()) {
      String text = literal.group(1).translateEscapes().replace("''", "'");
      for (String piece : PLACE.split(text)) {
        if (!piece.isEmpty()) {
          pieces.add(piece);
        }
      }
    }
    return new Wording(pieces);
  }

  private static String withoutComments(String java) {
    return COMMENT
        .matcher(java)
        .replaceAll(
            found -> found.group().startsWith("\"") ? Matcher.quoteReplacement(found.group()) : "");
  }

  /** The parts of a sentence between its placeholders. */
  static List<String> parts(String sentence) {
    List<String> parts = new ArrayList<>();
    for (String part : PLACEHOLDER.split(sentence)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Whether the class says every part of the sentence. */
  boolean says(String sentence) {
    List<String> parts = parts(sentence);
    return parts.stream().anyMatch(part -> part.length() >= 5)
        && parts.stream().allMatch(this::isMadeOfPieces);
  }

  private boolean isMadeOfPieces(String part) {
    boolean[] reached = new boolean[part.length() + 1];
    reached[0] = true;
    for (int end = 0; end < part.length(); end++) {
      if (reached[end]) {
        for (String piece : pieces) {
          if (part.startsWith(piece, end)) {
            reached[end + piece.length()] = true;
          }
        }
      }
    }
    return reached[part.length()];
  }
}
