package io.drivetrain.tests.weld;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.ReactiveStreams;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WeldAppTest {

  @RepeatedTest(3)
  void an_application_sees_its_beans_and_only_its_settings() {
    try (WeldApp app =
        WeldApp.with(
                "mp.messaging.incoming.words.connector", "list",
                "mp.messaging.incoming.words.values", "a,b,c")
            .beans(Words.class, ListConnector.class)
            .start()) {
      eventually(() -> assertThat(app.get(Words.class).heard()).containsExactly("a", "b", "c"));
    }
  }

  @Test
  void a_second_node_has_beans_of_its_own() {
    try (WeldApp app =
            WeldApp.with(
                    "mp.messaging.incoming.words.connector", "list",
                    "mp.messaging.incoming.words.values", "a,b,c")
                .beans(Words.class, ListConnector.class)
                .start();
        WeldApp other = app.startAnother(Words.class, ListConnector.class)) {
      eventually(() -> assertThat(other.get(Words.class).heard()).containsExactly("a", "b", "c"));
      assertThat(app.get(Words.class).heard()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void a_failed_deployment_leaves_nothing_behind() {
    assertThatThrownBy(
            () ->
                WeldApp.with("mp.messaging.incoming.words.connector", "list")
                    .beans(Words.class, ListConnector.class)
                    .start())
        .hasStackTraceContaining("values");

    an_application_sees_its_beans_and_only_its_settings();
  }

  @ApplicationScoped
  static class Words {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Incoming("words")
    void hear(String word) {
      heard.add(word);
    }

    List<String> heard() {
      return heard;
    }
  }

  @ApplicationScoped
  @Connector("list")
  static class ListConnector implements IncomingConnectorFactory {
    @Override
    public PublisherBuilder<? extends Message<?>> getPublisherBuilder(Config config) {
      return ReactiveStreams.of(config.getValue("values", String[].class)).map(Message::of);
    }
  }
}
