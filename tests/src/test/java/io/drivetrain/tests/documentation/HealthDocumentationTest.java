package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of health list the checks, kinds and data that the code answers with. */
class HealthDocumentationTest {
  private static final String PAGE = "docs/operations.md";
  private static final Pattern CHECK = Pattern.compile("NAME = \"(drivetrain-[a-z-]+)\"");
  private static final Pattern DATA = Pattern.compile("withData\\(\\s*([^,]+?),\\s");

  private static List<List<String>> rows(String check) {
    return Repository.rows(PAGE).stream()
        .filter(cells -> cells.get(0).equals("`" + check + "`"))
        .toList();
  }

  @Test
  void every_check_has_a_row_for_each_of_its_kinds() {
    Set<String> emitted = new TreeSet<>();
    for (Path source : Repository.productSources()) {
      String java = Repository.text(source);
      if (java.contains("HealthCheck ") || java.contains("implements HealthCheck")) {
        String check =
            java.contains("ChannelReport.of") ? "drivetrain-channels" : find(CHECK, java);
        for (String kind : List.of("Startup", "Readiness", "Liveness")) {
          if (java.contains("\n@" + kind) || java.contains("\n  @" + kind)) {
            emitted.add(check + " " + kind);
          }
        }
      }
    }

    Set<String> documented =
        Repository.rows(PAGE).stream()
            .filter(cells -> cells.get(0).startsWith("`drivetrain-"))
            .filter(cells -> cells.get(1).matches("started|ready|live"))
            .map(cells -> cells.get(0).replace("`", "") + " " + annotation(cells.get(1)))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).hasSize(9).isEqualTo(emitted);
  }

  private static String annotation(String kind) {
    return switch (kind) {
      case "started" -> "Startup";
      case "ready" -> "Readiness";
      default -> "Liveness";
    };
  }

  @ParameterizedTest
  @CsvSource({"drivetrain-outbox, OutboxHealth", "drivetrain-migrations, MigrationsHealth"})
  void every_datum_has_a_row_and_no_other(String check, String source) {
    Set<String> emitted = new TreeSet<>();
    Matcher datum = DATA.matcher(Repository.text(Repository.source(source)));
    while (datum.find()) {
      assertThat(datum.group(1)).as("a literal, so that it can be read here").startsWith("\"");
      emitted.add(datum.group(1).replace("\"", "`"));
    }

    assertThat(emitted).isNotEmpty();
    assertThat(rows(check))
        .filteredOn(cells -> cells.get(1).startsWith("`"))
        .extracting(cells -> cells.get(1))
        .containsExactlyInAnyOrderElementsOf(emitted);
  }

  @Test
  void channels_are_shown_in_the_words_of_the_page() {
    Wording wording = Wording.of(Repository.source("ChannelReport"));
    List<String> words = Repository.fenced(PAGE, "channel");

    assertThat(words)
        .hasSizeGreaterThan(8)
        .allSatisfy(line -> assertThat(wording.says(line)).as(line).isTrue());
  }

  private static String find(Pattern pattern, String java) {
    Matcher matcher = pattern.matcher(java);
    assertThat(matcher.find()).as(pattern.pattern()).isTrue();
    return matcher.group(1);
  }
}
