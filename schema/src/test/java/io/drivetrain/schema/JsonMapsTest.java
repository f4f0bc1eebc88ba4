package io.drivetrain.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonException;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads or writes must not notice that JSON-B is left out. */
class JsonMapsTest {
  private final Jsonb jsonb = JsonbBuilder.create();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void close() throws Exception {
    jsonb.close();
  }

  @Test
  void the_text_and_what_is_read_of_it_are_those_of_json_b() {
    for (int i = 0; i < 2_000; i++) {
      Object map = map(0);

      String text = JsonMaps.write(map);

      assertThat(JsonMaps.canWrite(map)).isTrue();
      assertThat(text).as("seed %d", seed).isEqualTo(jsonb.toJson(map));
      assertThat(JsonMaps.read(text))
          .as("seed %d", seed)
          .isEqualTo(jsonb.fromJson(text, Map.class));
    }
  }

  @Test
  void what_only_json_b_knows_is_left_to_it() {
    assertThat(JsonMaps.canWrite(Map.of("at", java.time.Instant.EPOCH))).isFalse();
    assertThat(JsonMaps.canWrite(Map.of("list", List.of(Map.of(1, "one"))))).isFalse();
    assertThat(JsonMaps.canWrite(Map.of("number", Double.NaN))).isFalse();
    assertThat(JsonMaps.canWrite("text")).isFalse();
    Map<String, Object> round = new LinkedHashMap<>();
    round.put("itself", round);
    assertThat(JsonMaps.canWrite(round)).isFalse();
  }

  @Test
  void the_word_null_is_read_as_null_and_of_equal_names_the_last_counts() {
    assertThat(JsonMaps.read(" null ")).isNull();
    assertThat(JsonMaps.read("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", BigDecimal.valueOf(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "\"text\"",
        "[1]",
        "[{}]",
        "{}x",
        "{} {}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1",
        "{\"a\"}",
        "\ufeff{}",
        "{\"a\":1e99999999999}"
      })
  void anything_but_one_object_is_refused(String text) {
    assertThatThrownBy(() -> JsonMaps.read(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void a_text_nested_without_end_is_refused_and_not_a_broken_thread() {
    assertThatThrownBy(() -> JsonMaps.read("{\"a\":".repeat(100_000)))
        .isInstanceOf(JsonException.class);
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      map.put(text(), value(depth));
    }
    return map;
  }

  private Object value(int depth) {
    List<Supplier<Object>> kinds =
        new ArrayList<>(
            List.of(
                () -> null,
                this::text,
                random::nextBoolean,
                random::nextInt,
                random::nextLong,
                () -> (short) random.nextInt(),
                () -> (byte) random.nextInt(),
                () -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20),
                () -> new BigInteger(100, random),
                () -> new BigDecimal(new BigInteger(60, random), random.nextInt(40) - 20)));
    if (depth < 4) {
      kinds.add(() -> map(depth + 1));
      kinds.add(() -> list(depth + 1));
    }
    return kinds.get(random.nextInt(kinds.size())).get();
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(depth));
    }
    return list;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int[] special = {'"', '\\', '/', 0, '\n', 0x1f, 0x7f, 0x2028, 'é', 0x1d11e, '<'};
    for (int i = random.nextInt(8); i > 0; i--) {
      boolean plain = random.nextBoolean();
      text.appendCodePoint(
          plain ? 'a' + random.nextInt(26) : special[random.nextInt(special.length)]);
    }
    return text.toString();
  }
}
