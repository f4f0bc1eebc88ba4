package io.drivetrain.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectFileTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void choose() {
    path = directory.resolve("effects");
  }

  @Test
  void two_writers_share_one_order() {
    try (EffectFile one = new EffectFile(path);
        EffectFile two = new EffectFile(path)) {
      one.effect(new Effect(0, 0, "k", "a.1"));
      two.effect(new Effect(0, 1, "k", "b.1"));
      assertThat(one.count()).isEqualTo(2);
      one.note("a left");
      two.effect(new Effect(1, 0, "l", "b.1"));

      assertThat(one.effects())
          .containsExactly(
              new Effect(0, 0, "k", "a.1"),
              new Effect(0, 1, "k", "b.1"),
              new Effect(1, 0, "l", "b.1"))
          .isEqualTo(two.effects());
      assertThat(two.notes()).containsExactly("a left");
    }
  }

  @Test
  void a_line_that_was_cut_off_is_no_effect_and_does_not_spoil_the_next() throws IOException {
    try (EffectFile file = new EffectFile(path)) {
      file.effect(new Effect(0, 10, "k", "a.1"));
      Files.writeString(path, "\neffect 0 11 k a", StandardOpenOption.APPEND);
      assertThat(file.count()).isEqualTo(1);
      file.effect(new Effect(0, 11, "k", "b.1"));

      assertThat(file.effects())
          .containsExactly(new Effect(0, 10, "k", "a.1"), new Effect(0, 11, "k", "b.1"));
    }
  }
}
