package io.drivetrain.tests.architecture;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table that says which test holds each promise of Racecar names tests that exist. */
class AcceptanceTableTest {
  /** From the letter that the items of a section begin with to how many they are. */
  private static final Map<String, Integer> ITEMS =
      Map.ofEntries(
          Map.entry("R", 32),
          Map.entry("P", 8),
          Map.entry("C", 52),
          Map.entry("I", 16),
          Map.entry("U", 38),
          Map.entry("N", 8),
          Map.entry("Q", 13),
          Map.entry("W", 15));

  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

  private static final List<Row> TABLE = new ArrayList<>();

  /** From a class's simple name to its sources; some names are those of several classes. */
  private static Map<String, List<Path>> sources;

  /** One item: what asserts it, and what is different here. */
  private record Row(String item, String asks, String tests, String difference) {}

  @BeforeAll
  static void read() throws IOException {
    for (String line :
        Files.readAllLines(Modules.ROOT.resolve("docs/coming-from-racecar-acceptance.md"))) {
      if (line.matches("\\| [A-Z]\\d+ \\|.*")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        assertThat(cells).as(line).hasSize(6);
        TABLE.add(new Row(cells.get(1), cells.get(2), cells.get(3), cells.get(4)));
      }
    }
    try (Stream<Path> modules = Files.list(Modules.ROOT)) {
      sources =
          modules
              .map(module -> module.resolve("src/test/java"))
              .filter(Files::isDirectory)
              .flatMap(AcceptanceTableTest::files)
              .filter(file -> file.toString().endsWith(".java"))
              .collect(groupingBy(AcceptanceTableTest::simpleName, toList()));
    }
  }

  private static Stream<Path> files(Path directory) {
    try {
      return Files.walk(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String simpleName(Path source) {
    return source.getFileName().toString().replace(".java", "");
  }

  @Test
  void every_item_has_one_row() {
    List<String> items =
        ITEMS.entrySet().stream()
            .flatMap(
                section ->
                    IntStream.rangeClosed(1, section.getValue())
                        .mapToObj(number -> section.getKey() + number))
            .toList();

    assertThat(TABLE).extracting(Row::item).containsExactlyInAnyOrderElementsOf(items);
  }

  @Test
  void every_row_names_a_test_or_a_reason() {
    assertThat(TABLE)
        .allSatisfy(
            row -> {
              assertThat(row.asks()).as(row.item()).isNotEmpty();
              assertThat(row.tests() + row.difference()).as(row.item()).isNotEmpty();
            });
  }

  @Test
  void every_test_that_is_named_exists() {
    List<String> missing = new ArrayList<>();
    for (Row row : TABLE) {
      Matcher test = TEST.matcher(row.tests());
      while (test.find()) {
        if (!exists(test.group(1), test.group(2))) {
          missing.add(row.item() + ": " + test.group());
        }
      }
      assertThat(test.reset().replaceAll("").replaceAll("[, ]", ""))
          .as("beside tests in row %s", row.item())
          .isEmpty();
    }

    assertThat(missing).isEmpty();
  }

  private static boolean exists(String type, String method) {
    return sources.getOrDefault(type, List.of()).stream()
        .map(AcceptanceTableTest::text)
        .filter(source -> source.contains("@Test") || source.contains("@ParameterizedTest"))
        .anyMatch(source -> method == null || source.contains(" void " + method + "("));
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
