package io.drivetrain.connector.internal.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsDocumentationTest {

  @Test
  void every_metric_is_in_the_documentation_as_it_is_declared_and_no_other() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "docs", "connector.md")).stream()
            .filter(
                line ->
                    line.matches(
                        "\\| `(messaging|drivetrain)\\.[a-z_.]+` \\| (counter|histogram|gauge) .*"))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Instrument.values()).map(MetricsDocumentationTest::row).toList());
  }

  @Test
  void every_metric_that_racecars_users_are_sent_to_exists() throws IOException {
    List<String> named =
        Pattern.compile("`((?:messaging|drivetrain\\.channel)\\.[a-z_.]+)`")
            .matcher(Files.readString(Path.of("..", "docs", "coming-from-racecar.md")))
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(named)
        .isNotEmpty()
        .isSubsetOf(Arrays.stream(Instrument.values()).map(Instrument::id).toList());
  }

  private static String row(Instrument instrument) {
    return "| `"
        + instrument.id()
        + "` | "
        + instrument.declared().kind().word()
        + " | "
        + instrument.declared().unit()
        + " | "
        + instrument.declared().doc()
        + " |";
  }
}
