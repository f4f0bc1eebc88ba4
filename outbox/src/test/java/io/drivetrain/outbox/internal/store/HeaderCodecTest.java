package io.drivetrain.outbox.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.EncodedMessage.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderCodecTest {

  @Test
  void no_headers_take_no_space() {
    assertThat(HeaderCodec.encode(List.of())).isNull();
    assertThat(HeaderCodec.decode(null)).isEmpty();
  }

  @Test
  void what_is_written_is_read_back_in_order_with_duplicates_nulls_and_empty_values() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Header> headers = headers(random);

      List<Header> back = HeaderCodec.decode(HeaderCodec.encode(headers));

      assertThat(readable(back)).as("seed %d", seed).isEqualTo(readable(headers));
    }
  }

  @Test
  void bytes_that_are_no_headers_are_refused_and_never_read_beyond() {
    byte[] good = HeaderCodec.encode(List.of(new Header("name", new byte[] {1, 2, 3})));
    for (int length = 1; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> HeaderCodec.decode(cut)).isInstanceOf(UnreadableRowException.class);
    }
    byte[] huge = good.clone();
    huge[0] = 0x7f;
    assertThatThrownBy(() -> HeaderCodec.decode(huge)).isInstanceOf(UnreadableRowException.class);
  }

  private static List<Header> headers(Random random) {
    List<Header> headers = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      byte[] value = random.nextInt(4) == 0 ? null : new byte[random.nextInt(20)];
      if (value != null) {
        random.nextBytes(value);
      }
      headers.add(new Header("näme-" + random.nextInt(3), value));
    }
    return headers;
  }

  private static List<String> readable(List<Header> headers) {
    return headers.stream().map(each -> each.name() + Arrays.toString(each.value())).toList();
  }
}
