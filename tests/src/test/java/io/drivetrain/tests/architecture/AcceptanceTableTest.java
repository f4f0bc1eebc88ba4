package io.drivetrain.tests.architecture;

import static java.util.Map.entry;
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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables that say which test holds what a peer promises, or loses, name tests that exist. */
class AcceptanceTableTest {
  /** Of each page its sections, which are the letters of their items, and how many those are. */
  private static final Map<String, Map<String, Integer>> PAGES =
      Map.of(
          "coming-from-racecar-acceptance.md",
          Map.of("R", 32, "P", 8, "C", 52, "I", 16, "U", 38, "N", 8, "Q", 13, "W", 15),
          "coming-from-deimos.md",
          Map.of("D", 21, "W", 7),
          "coming-from-deimos-acceptance.md",
          Map.ofEntries(
              entry("P", 18),
              entry("L", 9),
              entry("B", 4),
              entry("K", 12),
              entry("D", 17),
              entry("R", 23),
              entry("A", 6),
              entry("C", 12),
              entry("M", 13),
              entry("N", 9),
              entry("Q", 8),
              entry("T", 21),
              entry("U", 6),
              entry("V", 8),
              entry("G", 3),
              entry("E", 2),
              entry("F", 4)));

  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

  /** From a class's simple name to its sources; some names are those of several classes. */
  private static Map<String, List<Path>> sources;

  /** One item: what asserts it, and what is different here. */
  private record Row(String item, String asks, String tests, String difference) {}

  @BeforeAll
  static void findSources() throws IOException {
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

  private static Set<String> pages() {
    return PAGES.keySet();
  }

  private static List<Row> table(String page) throws IOException {
    List<Row> table = new ArrayList<>();
    for (String line : Files.readAllLines(Modules.ROOT.resolve("docs").resolve(page))) {
      if (line.matches("\\| [A-Z]\\d+ \\|.*")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        assertThat(cells).as(line).hasSize(6);
        table.add(new Row(cells.get(1), cells.get(2), cells.get(3), cells.get(4)));
      }
    }
    return table;
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

  @ParameterizedTest
  @MethodSource("pages")
  void every_item_has_one_row(String page) throws IOException {
    List<String> items =
        PAGES.get(page).entrySet().stream()
            .flatMap(
                section ->
                    IntStream.rangeClosed(1, section.getValue())
                        .mapToObj(number -> section.getKey() + number))
            .toList();

    assertThat(table(page)).extracting(Row::item).containsExactlyInAnyOrderElementsOf(items);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_row_names_a_test_or_a_reason(String page) throws IOException {
    assertThat(table(page))
        .allSatisfy(
            row -> {
              assertThat(row.asks()).as(row.item()).isNotEmpty();
              assertThat(row.tests() + row.difference()).as(row.item()).isNotEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_test_that_is_named_exists(String page) throws IOException {
    List<String> missing = new ArrayList<>();
    for (Row row : table(page)) {
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
