package io.drivetrain.connector.internal.assignment;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetMetadataTest {

  static LongStream seeds() {
    return new Random().longs(200);
  }

  private static DoneOffsets.Builder aheadOf(long base) {
    return new DoneOffsets.Builder(base);
  }

  private static String encode(DoneOffsets done) {
    return OffsetMetadata.encode(P0, done, OffsetMetadata.MOST_CHARS);
  }

  /** Ranges of all sizes, from single offsets next to each other to far apart and huge. */
  private static DoneOffsets random(Random random) {
    long base = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << 40);
    DoneOffsets.Builder done = aheadOf(base);
    int ranges = random.nextInt(1 << random.nextInt(14));
    int gaps = 1 + random.nextInt(1 << random.nextInt(20));
    int lengths = 1 + random.nextInt(1 << random.nextInt(20));
    long next = base;
    for (int i = 0; i < ranges; i++) {
      long from = next + 1 + random.nextInt(gaps);
      next = from + 1 + random.nextInt(lengths);
      done.add(from, next);
    }
    return done.build();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void what_fits_is_read_as_it_was_written_and_what_does_not_fit_is_left_out(long seed) {
    Random random = new Random(seed);
    DoneOffsets done = random(random);
    int most = 20 + random.nextInt(4_000);

    String text = OffsetMetadata.encode(P0, done, most);
    DoneOffsets read = OffsetMetadata.decode(P0, done.base(), text);

    assertThat(text.length()).as("seed %s", seed).isLessThanOrEqualTo(most);
    for (int i = 0; i < done.ranges(); i++) {
      long last = done.to(i) - 1;
      boolean told = read.contains(last);
      // From the first offset that is left out on, nothing is told: it is a beginning of the whole.
      if (!told) {
        assertThat(read.contains(done.to(done.ranges() - 1) - 1)).as("seed %s", seed).isFalse();
      }
      assertThat(done.contains(last)).isTrue();
    }
    for (int i = 0; i < read.ranges(); i++) {
      assertThat(read.from(i)).as("seed %s", seed).isEqualTo(done.from(i));
      assertThat(read.to(i)).as("seed %s", seed).isLessThanOrEqualTo(done.to(i));
      if (i < read.ranges() - 1) {
        assertThat(read.to(i)).as("seed %s", seed).isEqualTo(done.to(i));
      }
    }
  }

  @Test
  void a_long_tail_behind_one_blocked_record_takes_a_few_characters() {
    DoneOffsets done = aheadOf(1_000_000).add(1_000_001, 1_019_999).build();

    assertThat(encode(done)).hasSizeLessThan(30);
    assertThat(OffsetMetadata.decode(P0, 1_000_000, encode(done))).isEqualTo(done);
  }

  @Test
  void the_next_18000_offsets_are_told_however_mixed_they_are() {
    DoneOffsets.Builder done = aheadOf(7);
    for (long offset = 8; offset < 18_007; offset += 2) {
      done.add(offset, offset + 1);
    }

    assertThat(OffsetMetadata.decode(P0, 7, encode(done.build()))).isEqualTo(done.build());
  }

  @Test
  void nothing_ahead_is_no_text() {
    assertThat(encode(DoneOffsets.NONE)).isEmpty();
  }

  @Test
  void no_room_is_no_text() {
    assertThat(OffsetMetadata.encode(P0, aheadOf(0).add(1, 2).build(), 15)).isEmpty();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "leader-4", "drivetrain:", "drivetrain:*", "drivetrain:AAAA", "drivetrain:é"})
  void what_others_wrote_is_ignored(String text) {
    assertThat(OffsetMetadata.decode(P0, 0, text).isEmpty()).isTrue();
  }

  @Test
  void what_was_moved_to_another_place_is_ignored() {
    String text = encode(aheadOf(10).add(12, 20).build());

    assertThat(OffsetMetadata.decode(P0, 10, text).isEmpty()).isFalse();
    assertThat(OffsetMetadata.decode(P0, 11, text).isEmpty()).isTrue();
    assertThat(OffsetMetadata.decode(P1, 10, text).isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void what_is_damaged_is_ignored(long seed) {
    Random random = new Random(seed);
    DoneOffsets done = aheadOf(10).add(11 + random.nextInt(50), 100).add(200, 300).build();
    String text = encode(done);
    String prefix = text.substring(0, text.indexOf(':') + 1);
    byte[] bytes = Base64.getDecoder().decode(text.substring(prefix.length()));
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    String damaged =
        random.nextInt(4) == 0
            ? text.substring(0, random.nextInt(text.length()))
            : prefix
                + new String(
                    Base64.getEncoder().withoutPadding().encode(bytes), StandardCharsets.US_ASCII);

    assertThat(OffsetMetadata.decode(P0, 10, damaged).isEmpty()).as("seed %s", seed).isTrue();
  }
}
