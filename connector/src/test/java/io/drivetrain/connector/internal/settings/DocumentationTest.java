package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.drivetrain.connector.internal.MapConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentationTest {
  private final List<String> page = page("connector.md");

  private static List<String> page(String name) {
    try {
      return Files.readAllLines(Path.of("..", "docs", name));
    } catch (IOException e) {
      throw new AssertionError("docs/" + name, e);
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

  /** The rows of the first table below a heading, without the table's own head. */
  private static List<String> table(List<String> page, String heading) {
    return page.stream()
        .dropWhile(line -> !line.equals(heading))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .toList();
  }

  private static List<String> rows(PeerAttributes attributes) {
    return attributes.all().stream().map(DocumentationTest::row).toList();
  }

  private static String row(PeerAttribute attribute) {
    String values =
        attribute.values().stream()
            .sorted()
            .map(value -> "`" + value + "`")
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(attribute.name(), values, attribute.fate().text(), attribute.instead());
  }

  @Test
  void attributes_of_other_connectors_are_on_their_page_and_no_others_are() {
    List<String> peers = page("coming-from-smallrye.md");

    assertThat(table(peers, "## Incoming attributes"))
        .containsExactlyElementsOf(rows(PeerAttributes.INCOMING));
    assertThat(table(peers, "## Outgoing attributes"))
        .containsExactlyElementsOf(rows(PeerAttributes.OUTGOING));
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
            // Some attributes mean something with this one only.
            .and("failure-strategy", "dead-letter-queue")
            .and(attribute.name(), attribute.example());

    assertThatCode(
            () -> {
              Config config = LayeredConfig.of(channel, "", name -> Optional.of(Map.of()));
              IncomingSettings.read("in", config, MapConfig.of(), Optional::empty);
              IncomingSettings.checkBatch("in", config, true);
              HealthSettings.read("in", config);
            })
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

    assertThatCode(
            () -> {
              Config config = LayeredConfig.of(channel, "", name -> Optional.of(Map.of()));
              OutgoingSettings.read("out", config, MapConfig.of());
            })
        .doesNotThrowAnyException();
    assertThat(channel.asked()).contains(attribute.name());
  }
}
