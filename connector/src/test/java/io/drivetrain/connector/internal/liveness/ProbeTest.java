package io.drivetrain.connector.internal.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {
  @TempDir private Path directory;
  private Path path;
  private Instant touched;

  @BeforeEach
  void touch() throws IOException {
    path = directory.resolve("shop.live");
    new LivenessFile(path).touch(List.of("orders RUNNING with 3 partitions"));
    touched = Files.getLastModifiedTime(path).toInstant();
  }

  private Probe.Answer after(Duration age, String... more) {
    List<String> arguments = new ArrayList<>(List.of("probe", path.toString()));
    arguments.addAll(List.of(more));
    return Probe.answer(arguments, touched.plus(age));
  }

  @Test
  void a_file_touched_within_the_age_is_life() {
    assertThat(after(Duration.ofSeconds(60)))
        .isEqualTo(new Probe.Answer(0, "alive 60 s ago: orders RUNNING with 3 partitions"));
    assertThat(after(Duration.ofSeconds(120), "2m").exitCode()).isZero();
    assertThat(after(Duration.ofSeconds(5), "5").exitCode()).isZero();
    assertThat(after(Duration.ofHours(1), "1h").exitCode()).isZero();
  }

  @Test
  void an_older_one_is_not() {
    assertThat(after(Duration.ofSeconds(61)))
        .isEqualTo(
            new Probe.Answer(
                1, "not alive: all channels were last alive 61 s ago, more than 60 s"));
    assertThat(after(Duration.ofSeconds(6), "5s").exitCode()).isEqualTo(1);
  }

  @Test
  void a_clock_that_was_set_back_is_no_death() {
    assertThat(after(Duration.ofSeconds(-100)).exitCode()).isZero();
  }

  @Test
  void no_file_is_no_life_however_patient_one_is() throws IOException {
    Files.delete(path);

    assertThat(after(Duration.ZERO, "1000h").exitCode()).isEqualTo(1);
    assertThat(after(Duration.ZERO).sentence()).contains("there is no " + path);
  }

  @Test
  void a_fresh_file_of_a_process_that_is_gone_is_no_life() throws IOException {
    LivenessFile.Owner here = LivenessFile.Owner.here();
    new LivenessFile(
            path,
            new LivenessFile.Owner(here.pid(), here.started().minusSeconds(60), "before a crash"))
        .touch(List.of());

    assertThat(after(Duration.ZERO).exitCode()).isEqualTo(1);
    assertThat(after(Duration.ZERO).sentence()).contains("is gone");
  }

  @Test
  void a_file_of_something_else_is_no_life() throws IOException {
    Files.writeString(path, "hello");

    assertThat(after(Duration.ZERO).exitCode()).isEqualTo(1);
    assertThat(after(Duration.ZERO).sentence()).contains("is no liveness file");
  }

  @Test
  void a_wrong_call_says_what_is_right() {
    assertThat(Probe.answer(List.of(), Instant.now()).sentence()).startsWith("usage: java -jar");
    assertThat(after(Duration.ZERO, "soon"))
        .isEqualTo(new Probe.Answer(2, "max-age is 'soon'; expected for example 60s, 2m or 60"));
    assertThat(after(Duration.ZERO, "1s", "2s").exitCode()).isEqualTo(2);
  }
}
