package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.internal.liveness.Probe;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UseKafka
class LivenessTest {
  private static final String FILE = "drivetrain.health.liveness-file";

  @TempDir private Path directory;

  /** What the check of a container says: a process of its own, with the connector's jar alone. */
  private static Outcome probe(String... arguments) throws Exception {
    Path jar = Path.of(Probe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    // A build that ends before it packages has the classes only.
    command.addAll(
        Files.isDirectory(jar)
            ? List.of("-cp", jar.toString(), Probe.class.getName())
            : List.of("-jar", jar.toString()));
    command.add("probe");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), said.strip());
  }

  private record Outcome(int exitCode, String said) {}

  @Test
  void a_container_sees_that_the_application_lives_and_that_it_has_stopped(KafkaBroker broker)
      throws Exception {
    Topic topic = broker.newTopic("live", 2);
    String file = directory.resolve("shop.live").toString();
    assertThat(probe(file).exitCode()).isEqualTo(1);

    try (WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).and(FILE, file).start()) {
      eventually(() -> assertThat(Path.of(file)).exists());
      assertThat(probe(file))
          .satisfies(outcome -> assertThat(outcome.exitCode()).as(outcome.said()).isZero())
          .satisfies(outcome -> assertThat(outcome.said()).startsWith("alive ").contains("in "));
    }

    assertThat(Path.of(file)).doesNotExist();
    assertThat(probe(file, "10h").said()).contains("there is no " + file);
    assertThat(probe(file).exitCode()).isEqualTo(1);
    assertThat(probe().exitCode()).isEqualTo(2);
  }

  @Test
  void without_the_setting_there_is_no_file_and_no_thread(KafkaBroker broker) throws IOException {
    Topic topic = broker.newTopic("live", 1);
    try (WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).start()) {
      topic.send(0, "k", "v");
      eventually(() -> assertThat(Apps.partition(app, topic, 0).nextOffset()).isEqualTo(1));

      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("drivetrain-liveness");
    }
  }

  @Test
  void a_path_that_cannot_be_written_fails_the_deployment(KafkaBroker broker) {
    Topic topic = broker.newTopic("live", 1);
    String file = directory.resolve("missing").resolve("shop.live").toString();

    assertThatThrownBy(
            () -> Apps.readingRecords(broker, topic, new Recorder()).and(FILE, file).start())
        .hasStackTraceContaining(
            FILE + " is '" + file + "'; expected the path of a file that this application");
  }

  @Test
  void two_applications_do_not_share_a_file(KafkaBroker broker) {
    Topic topic = broker.newTopic("live", 1);
    String file = directory.resolve("shop.live").toString();
    try (WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).and(FILE, file).start()) {
      eventually(() -> assertThat(Path.of(file)).exists());

      assertThatThrownBy(() -> app.startAnother(Apps.Records.class))
          .hasStackTraceContaining("writes it as well");
      assertThat(Path.of(file)).exists();
    }
  }

  @Test
  void a_method_that_hangs_is_no_life_until_it_returns(KafkaBroker broker) throws Exception {
    Topic topic = broker.newTopic("hangs", 1);
    CountDownLatch release = new CountDownLatch(1);
    Recorder recorder =
        new Recorder()
            .behaving(
                delivery -> {
                  try {
                    release.await(60, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    try (WeldApp app =
        Apps.readingRecords(broker, topic, recorder)
            .and(IN + "processing-timeout", "10ms")
            .start()) {
      topic.send(0, "k", "v");
      eventually(
          () ->
              assertThat(state(app).stuck().orElse(""))
                  .startsWith(topic.name() + "-0 offset 0 is in flight since"));
      assertThat(state(app).isAlive()).isFalse();
      assertThat(state(app).problem()).isEmpty();

      release.countDown();
      eventually(() -> assertThat(state(app).isAlive()).isTrue());
    } finally {
      release.countDown();
    }
  }

  @Test
  void a_method_that_hangs_is_interrupted_if_that_is_asked_and_its_record_comes_again(
      KafkaBroker broker) {
    Topic topic = broker.newTopic("hangs", 1);
    Recorder recorder =
        new Recorder()
            .behaving(
                delivery -> {
                  if (delivery.attempt() == 1) {
                    try {
                      new CountDownLatch(1).await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                      throw new IllegalStateException("told to stop", e);
                    }
                  }
                });
    try (WeldApp app =
        Apps.readingRecords(broker, topic, recorder)
            .and(
                IN + "processing-timeout", "500ms",
                IN + "processing-timeout-action", "interrupt",
                IN + "pause-timeout", "0")
            .start()) {
      topic.send(0, "k", "v");

      eventually(() -> assertThat(Apps.partition(app, topic, 0).nextOffset()).isEqualTo(1));
      assertThat(recorder.all()).extracting(Recorder.Seen::attempt).containsExactly(1, 2);
    }
  }

  private static ChannelState state(WeldApp app) {
    return app.get(Channels.class).state("in");
  }
}
