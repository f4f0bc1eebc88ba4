package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private final List<String> page = page();

  private static List<String> page() {
    try {
      return Files.readAllLines(Path.of("..", "docs", "connector.md"));
    } catch (IOException e) {
      throw new AssertionError("docs/connector.md", e);
    }
  }

  private static String row(Attribute attribute) {
    String value = attribute.defaultValue();
    return "| `"
        + attribute.name()
        + "` | "
        + attribute.type()
        + " | "
        + (value.isEmpty() ? "" : value.contains(" ") ? value : "`" + value + "`")
        + " | "
        + attribute.doc()
        + " |";
  }

  @Test
  void every_incoming_attribute_is_in_the_documentation_as_it_is_declared() {
    assertThat(page)
        .containsSubsequence(IncomingAttributes.ALL.stream().map(DocumentationTest::row).toList());
  }

  @Test
  void every_outgoing_attribute_is_in_the_documentation_as_it_is_declared() {
    assertThat(page)
        .containsSubsequence(OutgoingAttributes.ALL.stream().map(DocumentationTest::row).toList());
  }
}
