package io.drivetrain.tests.documentation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a PromQL expression, and whether it is put together at all: known functions,
 * brackets that fit, no two operands or operators side by side. Not a full grammar. Immutable.
 */
final class PromQl {
  private static final Set<String> FUNCTIONS =
      Set.of("rate", "increase", "histogram_quantile", "vector", "sum", "max", "min", "count");
  private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring");
  private static final Set<String> OPERATORS = Set.of("or", "and", "unless");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|[a-zA-Z_:][a-zA-Z0-9_:]*|\\d+(?:\\.\\d+)?|\"[^\"]*\"|==|!=|>=|<=|=~|!~"
              + "|\\[(?:\\d+[smhd]|\\$__rate_interval)]|[-+*/><=(){},]");

  private final String expression;
  private final Set<String> metrics = new TreeSet<>();
  private final Set<String> labels = new TreeSet<>();
  private final Deque<Character> open = new ArrayDeque<>();

  /** What kind of bracket a word stands in: p for operands, l for labels, m for matchers. */
  private final Deque<Character> places = new ArrayDeque<>();

  /** Whether the last thing read was an operand. */
  private boolean operand;

  private String previous = "";

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is not one
   */
  PromQl(String expression) {
    this.expression = expression;
    places.push('p');
    Matcher token = TOKEN.matcher(expression);
    int end = 0;
    while (token.find()) {
      require(token.start() == end, "nothing that is known", expression.substring(end));
      end = token.end();
      if (!token.group().isBlank()) {
        read(token.group());
        previous = token.group();
      }
    }
    require(end == expression.length(), "nothing that is known", expression.substring(end));
    require(open.isEmpty() && operand, "an end too early", "");
  }

  Set<String> metrics() {
    return metrics;
  }

  Set<String> labels() {
    return labels;
  }

  private void read(String token) {
    switch (token) {
      case "(" -> open(token, ')', GROUPING.contains(previous) ? 'l' : 'p');
      case "{" -> {
        require(operand, "no metric before", token);
        open(token, '}', 'm');
      }
      case ")", "}" -> close(token);
      default -> {
        if (places.peek() == 'p') {
          inExpression(token);
        } else {
          inLabels(token);
        }
      }
    }
  }

  private void open(String token, char end, char place) {
    require(place != 'p' || !operand, "an operand before", token);
    open.push(end);
    places.push(place);
    operand = false;
  }

  private void close(String token) {
    require(!open.isEmpty() && open.pop() == token.charAt(0), "another bracket than", token);
    char place = places.pop();
    require(place != 'p' || operand, "no operand before", token);
    // What follows the labels of an aggregation is its operand.
    operand = place != 'l';
  }

  private void inExpression(String token) {
    if (token.startsWith("[")) {
      require(operand, "no metric before", token);
    } else if (token.matches("[a-zA-Z_:].*") && !OPERATORS.contains(token)) {
      if (!FUNCTIONS.contains(token) && !GROUPING.contains(token)) {
        require(!operand, "two operands", token);
        metrics.add(token);
        operand = true;
      }
    } else if (token.matches("\\d.*")) {
      require(!operand, "two operands", token);
      operand = true;
    } else {
      require(operand && !token.matches("\"[^\"]*\"|=|=~|!~"), "no operand before", token);
      operand = false;
    }
  }

  private void inLabels(String token) {
    if (token.matches("[a-zA-Z_].*")) {
      require(previous.matches("[{(,]"), "two labels", token);
      labels.add(token);
    } else if (places.peek() == 'm') {
      require(
          token.equals(",")
              || token.matches("=|!=|=~|!~") && previous.matches("\\w+")
              || token.startsWith("\"") && previous.matches("=|!=|=~|!~"),
          "no matcher",
          token);
    } else {
      require(token.equals(","), "no label", token);
    }
  }

  private void require(boolean condition, String problem, String where) {
    if (!condition) {
      throw new IllegalArgumentException(problem + " " + where + " in: " + expression);
    }
  }
}
