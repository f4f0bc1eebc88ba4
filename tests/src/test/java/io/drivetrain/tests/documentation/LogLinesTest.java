package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page that finds a cause by a line of the log quotes the lines that the code writes. */
class LogLinesTest {
  private static final String PAGE = "docs/troubleshooting.md";

  private static Map<Path, Wording> wordings;

  @BeforeAll
  static void read() {
    wordings =
        Repository.productSources().stream()
            .collect(Collectors.toMap(Function.identity(), Wording::of));
  }

  @Test
  void every_line_is_written_by_a_class_at_that_level() {
    List<String> lines = Repository.fenced(PAGE, "log");

    assertThat(lines)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            line -> {
              String level = line.substring(0, line.indexOf(' '));
              String sentence = line.substring(line.indexOf(' ') + 1);
              assertThat(level).as(line).isIn("INFO", "WARNING", "ERROR");
              assertThat(speakers(sentence)).as(line).anyMatch(source -> logsAt(source, level));
            });
  }

  @Test
  void every_problem_is_put_in_these_words_by_a_class() {
    List<String> problems = Repository.fenced(PAGE, "problem");

    assertThat(problems)
        .hasSizeGreaterThan(10)
        .allSatisfy(problem -> assertThat(speakers(problem)).as(problem).isNotEmpty());
  }

  private static List<Path> speakers(String sentence) {
    return wordings.entrySet().stream()
        .filter(each -> each.getValue().says(sentence))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean logsAt(Path source, String level) {
    return Repository.text(source).contains("Level." + level);
  }
}
