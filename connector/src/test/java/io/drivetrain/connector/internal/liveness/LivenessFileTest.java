package io.drivetrain.connector.internal.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.liveness.LivenessFile.Owner;
import io.drivetrain.schema.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivenessFileTest {
  @TempDir private Path directory;
  private Path path;
  private LivenessFile file;

  @BeforeEach
  void create() {
    path = directory.resolve("shop.live");
    file = new LivenessFile(path);
  }

  private static Owner earlierProcessWithThisId() {
    Owner here = Owner.here();
    return new Owner(here.pid(), here.started().minus(Duration.ofMinutes(1)), here.application());
  }

  private void age(Duration age) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void a_reader_finds_who_wrote_it_when_and_how_the_channels_stood() throws IOException {
    Instant before = Instant.now().minusSeconds(1);
    file.touch(List.of("orders RUNNING with 3 partitions"));

    LivenessFile.Content content = new LivenessFile(path).read().orElseThrow();
    assertThat(content.lines()).containsExactly("orders RUNNING with 3 partitions");
    assertThat(content.touched()).isBetween(before, Instant.now().plusSeconds(1));
    assertThat(content.owner().pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(content.owner().runs()).isTrue();
  }

  @Test
  void nothing_exists_before_the_first_touch_and_nothing_else_after_it() throws IOException {
    file.claim(Instant.now());
    assertThat(directory).isEmptyDirectory();

    file.touch(List.of());
    assertThat(directory.toFile().list()).containsExactly("shop.live");
  }

  @Test
  void only_who_wrote_it_removes_it() throws IOException {
    LivenessFile other = new LivenessFile(path);
    file.touch(List.of());
    other.remove();
    assertThat(path).exists();

    file.remove();
    assertThat(path).doesNotExist();
    assertThatCode(file::remove).doesNotThrowAnyException();
  }

  @Test
  void what_an_earlier_process_left_is_not_taken_for_life() throws IOException {
    LivenessFile left = new LivenessFile(path, earlierProcessWithThisId());
    left.touch(List.of());
    assertThat(file.read().orElseThrow().owner().runs()).isFalse();

    file.claim(Instant.now());

    assertThat(path).doesNotExist();
  }

  @Test
  void a_file_that_a_living_process_writes_is_refused_to_a_second() throws IOException {
    new LivenessFile(path).touch(List.of());

    assertThat(file.otherWriter(Instant.now())).isPresent();
    assertThatThrownBy(() -> LivenessExtension.claim(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "drivetrain.health.liveness-file is '"
                + path
                + "'; expected the path of a file that this application, and no other, can write")
        .hasMessageContaining("process " + ProcessHandle.current().pid() + " writes it as well");
    assertThat(path).exists();
  }

  @Test
  void what_nobody_has_touched_for_long_is_taken_over() throws IOException {
    new LivenessFile(path).touch(List.of());
    age(LivenessFile.STALE.plusSeconds(1));

    file.claim(Instant.now());

    assertThat(path).doesNotExist();
  }

  @Test
  void a_path_that_cannot_be_written_is_refused() {
    LivenessFile nowhere = new LivenessFile(directory.resolve("missing").resolve("shop.live"));
    assertThatThrownBy(() -> LivenessExtension.claim(nowhere))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("NoSuchFileException");

    assertThatThrownBy(() -> LivenessExtension.claim(new LivenessFile(directory)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it is a directory");
  }

  @Test
  void a_file_of_something_else_is_not_overwritten() throws IOException {
    Files.writeString(path, "root:x:0:0");

    assertThatThrownBy(() -> LivenessExtension.claim(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("is no liveness file");
    assertThat(path).hasContent("root:x:0:0");
  }
}
