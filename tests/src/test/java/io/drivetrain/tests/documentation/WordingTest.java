package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordingTest {
  private static final Wording WORDING =
      Wording.of(
          """
          /** Says "nothing at all". */
          class Shop {
            // LOG.log("nor this one");
            void speak(String name) {
              LOG.log(Level.INFO, "shop {0}: the broker''s address is {1}, and it"
                  + " answers", name, "http://host");
              LOG.log(Level.INFO, "shop " + name + ": closed" + (late ? ", at last" : ""));
            }
          }
          """);

  @Test
  void a_sentence_is_known_by_its_parts_between_placeholders() {
    assertThat(WORDING.says("shop <name>: the broker's address is <url>, and it answers")).isTrue();
    assertThat(WORDING.says("shop <name>: closed, at last")).isTrue();
  }

  @Test
  void a_sentence_with_one_other_word_is_not() {
    assertThat(WORDING.says("shop <name>: the broker's address was <url>, and it answers"))
        .isFalse();
    assertThat(WORDING.says("shop <name>: closed at last")).isFalse();
    assertThat(WORDING.says("shop <name>: clos")).isFalse();
  }

  @Test
  void comments_are_not_said() {
    assertThat(WORDING.says("nothing at all")).isFalse();
    assertThat(WORDING.says("nor this one")).isFalse();
  }

  @Test
  void a_sentence_of_placeholders_alone_proves_nothing() {
    assertThat(WORDING.says("<name>: <url>")).isFalse();
  }
}
