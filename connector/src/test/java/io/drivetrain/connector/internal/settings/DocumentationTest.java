package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.drivetrain.connector.internal.MapConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
        + " | `"
        + attribute.example()
        + "` | "
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

  static List<Attribute> incoming() {
    return IncomingAttributes.ALL;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("incoming")
  void every_incoming_example_is_a_value_that_a_channel_reads(Attribute attribute) {
    // Each of these three excludes the others.
    boolean subscription = List.of("topic", "topics", "pattern").contains(attribute.name());
    MapConfig channel =
        (subscription ? MapConfig.of() : MapConfig.of("topic", "t"))
            .and("group.id", "g", "bootstrap.servers", "localhost:9092")
            .and(attribute.name(), attribute.example());

    assertThatCode(() -> IncomingSettings.read("in", channel, MapConfig.of(), Optional::empty))
        .doesNotThrowAnyException();
    assertThat(channel.asked()).contains(attribute.name());
  }

  static List<Attribute> outgoing() {
    return OutgoingAttributes.ALL;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outgoing")
  void every_outgoing_example_is_a_value_that_a_channel_reads(Attribute attribute) {
    MapConfig channel =
        MapConfig.of("topic", "t", "bootstrap.servers", "localhost:9092")
            .and(attribute.name(), attribute.example());

    assertThatCode(() -> OutgoingSettings.read("out", channel, MapConfig.of()))
        .doesNotThrowAnyException();
    assertThat(channel.asked()).contains(attribute.name());
  }
}
