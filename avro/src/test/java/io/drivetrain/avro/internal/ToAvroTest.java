package io.drivetrain.avro.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToAvroTest {
  private static final Instant MOMENT = Instant.parse("2019-05-05T00:00:00.123456Z");

  private enum Color {
    RED,
    GREEN
  }

  private static Schema schema(String json) {
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }

  private static Schema logical(String type, String logical) {
    return schema("{'type':'" + type + "','logicalType':'" + logical + "'}");
  }

  private static Object converted(Schema schema, Object value) {
    Problems problems = new Problems();
    Object converted = new ToAvro(false).convert(schema, value, problems);
    assertThat(problems.list()).isEmpty();
    return converted;
  }

  private static Object converted(String json, Object value) {
    return converted(schema(json), value);
  }

  private static List<String> problems(Schema schema, Object value) {
    Problems problems = new Problems();
    new ToAvro(false).convert(schema, value, problems);
    return problems.list();
  }

  private static void refused(String json, Object... values) {
    for (Object value : values) {
      assertThat(problems(schema(json), value)).as("%s", value).hasSize(1);
    }
  }

  @Nested
  class Numeric {
    @Test
    void whole_numbers_and_their_text_become_int_and_long() {
      assertThat(converted("'int'", 3)).isEqualTo(3);
      assertThat(converted("'int'", "3")).isEqualTo(3);
      assertThat(converted("'int'", " 010 ")).isEqualTo(10);
      assertThat(converted("'int'", new BigDecimal("3.0"))).isEqualTo(3);
      assertThat(converted("'long'", 3)).isEqualTo(3L);
      assertThat(converted("'long'", "123")).isEqualTo(123L);
      assertThat(converted("'long'", BigInteger.TEN)).isEqualTo(10L);
    }

    @Test
    void what_is_no_whole_number_in_range_is_refused_and_never_zero() {
      refused("'int'", 4.5, "4.5", "0x1A", "1_000", "", "x", true, null, 1L << 31, Double.NaN);
      refused("'long'", 4.5, "9223372036854775808", new BigInteger("9223372036854775808"), 'a');
    }

    @Test
    void a_moment_never_becomes_a_plain_number() {
      refused("'long'", MOMENT, new Date(), LocalDate.EPOCH);
      refused("'int'", MOMENT, ZonedDateTime.now());
      assertThat(problems(schema("'long'"), MOMENT).get(0))
          .isEqualTo(
              "the value is a java.time.Instant; expected a whole number from -2^63 to 2^63-1 (for"
                  + " a moment, the schema needs a logicalType)");
    }

    @Test
    void numbers_and_their_text_become_float_and_double_within_range() {
      assertThat(converted("'double'", "2.1")).isEqualTo(2.1);
      assertThat(converted("'double'", new BigDecimal("1.1"))).isEqualTo(1.1);
      assertThat(converted("'float'", 1)).isEqualTo(1f);
      assertThat(converted("'float'", 1.5)).isEqualTo(1.5f);
      assertThat(converted("'double'", 1.5f)).isEqualTo(1.5);
      assertThat(converted("'double'", Double.NaN)).isEqualTo(Double.NaN);
      refused("'double'", "1e999", "x", true, null);
      refused("'float'", 1e39, "1e39");
    }
  }

  @Nested
  class Texts {
    @Test
    void what_has_one_plain_text_becomes_it() {
      UUID uuid = new UUID(1, 2);

      assertThat(converted("'string'", "a")).isEqualTo("a");
      assertThat(converted("'string'", 5)).isEqualTo("5");
      assertThat(converted("'string'", new BigDecimal("1E+3"))).isEqualTo("1000");
      assertThat(converted("'string'", true)).isEqualTo("true");
      assertThat(converted("'string'", Color.RED)).isEqualTo("RED");
      assertThat(converted("'string'", uuid)).isEqualTo(uuid.toString());
      assertThat(converted("'string'", LocalDate.of(2026, 1, 31))).isEqualTo("2026-01-31");
      assertThat(converted("'string'", new Date(0))).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void null_and_whatever_has_no_plain_text_are_refused() {
      refused("'string'", null, List.of(), Map.of(), new Object(), new byte[0]);
    }

    @Test
    void an_enum_takes_its_symbols_and_nothing_near_them() {
      String color = "{'type':'enum','name':'Color','symbols':['RED','GREEN']}";

      assertThat(converted(color, "RED")).hasToString("RED");
      assertThat(converted(color, Color.GREEN)).hasToString("GREEN");
      refused(color, "red", "BLUE", 0, null);
      assertThat(problems(schema(color), "red").get(0)).endsWith("expected one of RED, GREEN");
    }

    @Test
    void a_uuid_is_one_in_full() {
      UUID uuid = new UUID(1, 2);

      assertThat(converted(logical("string", "uuid"), uuid)).isEqualTo(uuid.toString());
      assertThat(problems(logical("string", "uuid"), "1-1-1-1-1")).hasSize(1);
    }
  }

  @Nested
  class Booleans {
    @Test
    void only_true_and_false_are_booleans() {
      assertThat(converted("'boolean'", true)).isEqualTo(true);
      assertThat(converted("'boolean'", "false")).isEqualTo(false);
      assertThat(converted("'boolean'", "TRUE")).isEqualTo(true);
      refused("'boolean'", null, 0, 1, "", "no", "f", List.of());
    }
  }

  @Nested
  class Times {
    @Test
    void a_moment_is_counted_in_the_unit_of_its_type() {
      for (Object same :
          List.of(
              MOMENT,
              OffsetDateTime.parse("2019-05-05T02:00:00.123456+02:00"),
              ZonedDateTime.parse("2019-05-05T02:00:00.123456+02:00[Europe/Paris]"),
              Timestamp.from(MOMENT),
              "2019-05-05T00:00:00.123456Z",
              "2019-05-05T02:00:00.123456+02:00")) {
        assertThat(converted(logical("long", "timestamp-millis"), same)).isEqualTo(1557014400123L);
        assertThat(converted(logical("long", "timestamp-micros"), same))
            .isEqualTo(1557014400123456L);
      }
      assertThat(converted(logical("long", "timestamp-millis"), Date.from(MOMENT)))
          .isEqualTo(1557014400123L);
    }

    @Test
    void a_number_is_one_in_the_unit_of_the_type() {
      assertThat(converted(logical("long", "timestamp-millis"), 5)).isEqualTo(5L);
      assertThat(converted(logical("int", "date"), 17000)).isEqualTo(17000);
    }

    @Test
    void a_moment_before_1970_is_cut_off_downwards() {
      assertThat(converted(logical("long", "timestamp-micros"), Instant.ofEpochSecond(-1, 1_999)))
          .isEqualTo(-999_999L);
    }

    @Test
    void dates_times_and_those_without_a_zone_have_types_of_their_own() {
      assertThat(converted(logical("int", "date"), LocalDate.ofEpochDay(3))).isEqualTo(3);
      assertThat(converted(logical("int", "date"), "1970-01-04")).isEqualTo(3);
      assertThat(converted(logical("int", "date"), java.sql.Date.valueOf("1970-01-04")))
          .isEqualTo(3);
      assertThat(converted(logical("int", "time-millis"), LocalTime.of(0, 0, 1))).isEqualTo(1000);
      assertThat(converted(logical("long", "time-micros"), "00:00:01")).isEqualTo(1_000_000L);
      assertThat(
              converted(
                  logical("long", "local-timestamp-millis"), LocalDateTime.of(1970, 1, 1, 0, 0, 1)))
          .isEqualTo(1000L);
    }

    @Test
    void what_is_not_exactly_that_is_refused() {
      Schema moment = logical("long", "timestamp-millis");

      assertThat(problems(moment, LocalDateTime.now())).hasSize(1);
      assertThat(problems(moment, "2019-05-05T00:00:00")).hasSize(1);
      assertThat(problems(moment, "1557014400")).hasSize(1);
      assertThat(problems(moment, java.sql.Date.valueOf("2019-05-05"))).hasSize(1);
      assertThat(problems(logical("int", "date"), MOMENT)).hasSize(1);
      assertThat(problems(logical("long", "local-timestamp-millis"), MOMENT)).hasSize(1);
      assertThat(problems(logical("long", "timestamp-micros"), Instant.MAX)).hasSize(1);
      assertThat(problems(moment, "yesterday").get(0))
          .isEqualTo(
              "the value is yesterday (String); expected a moment such as 2026-01-31T10:15:30Z, or"
                  + " a number of millis");
    }
  }

  @Nested
  class Bytes {
    private final Schema money =
        schema("{'type':'bytes','logicalType':'decimal','precision':5,'scale':2}");

    @Test
    void bytes_are_taken_as_they_are_and_text_as_base64() {
      assertThat(converted("'bytes'", new byte[] {1, 2}))
          .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
      assertThat(converted("'bytes'", "AQI=")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
      refused("'bytes'", "not base64!", 1, null);
    }

    @Test
    void a_fixed_has_its_size() {
      String two = "{'type':'fixed','name':'Two','size':2}";

      assertThat(((GenericData.Fixed) converted(two, new byte[] {1, 2})).bytes())
          .containsExactly(1, 2);
      refused(two, new byte[] {1}, "AQ==");
    }

    @Test
    void a_decimal_is_never_rounded() {
      assertThat(FromAvro.plain(money, converted(money, new BigDecimal("12.3"))))
          .isEqualTo(new BigDecimal("12.30"));
      assertThat(FromAvro.plain(money, converted(money, "12.34")))
          .isEqualTo(new BigDecimal("12.34"));
      assertThat(FromAvro.plain(money, converted(money, 5))).isEqualTo(new BigDecimal("5.00"));
      assertThat(problems(money, new BigDecimal("1.234"))).hasSize(1);
      assertThat(problems(money, new BigDecimal("1234.5")).get(0))
          .isEqualTo(
              "the value is 1234.5 (BigDecimal); expected a number of at most 5 digits, 2 of them"
                  + " after the point");
    }
  }

  @Nested
  class Unions {
    @Test
    void null_takes_the_branch_null_and_only_that() {
      assertThat(converted("['null','string']", null)).isNull();
      refused("['int','string']", (Object) null);
    }

    @Test
    void a_value_takes_the_branch_of_its_own_kind_wherever_that_is() {
      assertThat(converted("['null','string','int']", 5)).isEqualTo(5);
      assertThat(converted("['int','string']", "5")).isEqualTo("5");
      assertThat(converted("['string','boolean']", true)).isEqualTo(true);
      assertThat(converted("['int','long']", 1L << 40)).isEqualTo(1L << 40);
      assertThat(converted("['string','double']", 1.5f)).isEqualTo(1.5);
      assertThat(converted("['string',{'type':'long','logicalType':'timestamp-millis'}]", MOMENT))
          .isEqualTo(1557014400123L);
      assertThat(converted("['string',{'type':'array','items':'int'}]", List.of("1")))
          .isEqualTo(List.of(1));
    }

    @Test
    void otherwise_the_first_it_fits() {
      assertThat(converted("['null','long']", "7")).isEqualTo(7L);
      assertThat(converted("['boolean','long']", "7")).isEqualTo(7L);
      assertThat(converted("['null',{'type':'int','logicalType':'date'}]", "1970-01-02"))
          .isEqualTo(1);
    }

    @Test
    void of_several_records_the_one_whose_fields_fit() {
      String union =
          "[{'type':'record','name':'A','fields':[{'name':'a','type':'int'}]},"
              + "{'type':'record','name':'B','fields':[{'name':'a','type':'string'},"
              + "{'name':'b','type':['null','int'],'default':null}]}]";

      assertThat(((GenericRecord) converted(union, Map.of("a", 1))).getSchema().getName())
          .isEqualTo("A");
      assertThat(((GenericRecord) converted(union, Map.of("a", "x"))).getSchema().getName())
          .isEqualTo("B");
      assertThat(((GenericRecord) converted(union, Map.of("a", 1, "b", 2))).getSchema().getName())
          .isEqualTo("B");
      refused(union, Map.of("c", 1));
    }

    @Test
    void what_fits_none_says_what_would() {
      assertThat(problems(schema("['null','int','boolean']"), "x").get(0))
          .isEqualTo(
              "the value is x (String); expected one of: null | a whole number from -2^31 to 2^31-1"
                  + " | true or false");
    }

    @Test
    void the_only_branch_there_is_says_exactly_what_is_wrong_in_it() {
      assertThat(
              problems(
                  schema(
                      "['null',{'type':'record','name':'A','fields':[{'name':'a','type':'int'}]}]"),
                  Map.of("a", "x")))
          .containsExactly("a is x (String); expected a whole number from -2^31 to 2^31-1");
    }
  }

  @Nested
  class Records {
    private final Schema order =
        schema(
            "{'type':'record','name':'Order','namespace':'com.example','fields':["
                + "{'name':'id','type':'long'},"
                + "{'name':'quantity','type':'int','default':1},"
                + "{'name':'note','type':['null','string']},"
                + "{'name':'lines','type':{'type':'array','items':{'type':'record','name':'Line',"
                + "'fields':[{'name':'price','type':'double'},"
                + "{'name':'when','type':{'type':'long','logicalType':'timestamp-millis'}}]}}},"
                + "{'name':'tags','type':{'type':'map','values':'boolean'},'default':{}}]}");

    @Test
    void everything_is_converted_at_every_depth() {
      GenericRecord record =
          (GenericRecord)
              converted(
                  order,
                  Map.of(
                      "id",
                      "1",
                      "lines",
                      List.of(Map.of("price", "1.5", "when", MOMENT)),
                      "tags",
                      Map.of("new", "true")));

      GenericRecord line = (GenericRecord) ((List<?>) record.get("lines")).get(0);
      assertThat(line.get("price")).isEqualTo(1.5);
      assertThat(line.get("when")).isEqualTo(1557014400123L);
      assertThat(record.get("tags")).isEqualTo(Map.of("new", true));
    }

    @Test
    void what_is_absent_gets_its_default_or_null() {
      GenericRecord record = (GenericRecord) converted(order, Map.of("id", 1, "lines", List.of()));

      assertThat(record.get("quantity")).isEqualTo(1);
      assertThat(record.get("note")).isNull();
      assertThat(record.get("tags")).isEqualTo(Map.of());
    }

    @Test
    void null_is_not_absent() {
      Map<String, Object> value = new HashMap<>(Map.of("id", 1, "lines", List.of()));
      value.put("quantity", null);

      assertThat(problems(order, value))
          .containsExactly("quantity is null; expected a whole number from -2^31 to 2^31-1");
    }

    @Test
    void every_problem_is_listed_with_its_path() {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("quantity", 4.5);
      value.put("note", List.of());
      value.put("lines", List.of(Map.of("price", 1, "when", 0), Map.of("price", "x", "wen", 0)));
      value.put("tags", Map.of("new", 1));
      value.put("quantitiy", 1);

      assertThat(problems(order, value))
          .containsExactlyInAnyOrder(
              "id is missing; expected a whole number from -2^63 to 2^63-1 (for a moment, the"
                  + " schema needs a logicalType)",
              "quantity is 4.5 (Double); expected a whole number from -2^31 to 2^31-1",
              "note is a java.util.ImmutableCollections$ListN; expected text",
              "lines[1].price is x (String); expected a number within a double's range",
              "lines[1].when is missing; expected a moment such as 2026-01-31T10:15:30Z, or a"
                  + " number of millis",
              "lines[1].wen is no field of com.example.Line; did you mean when?",
              "tags[new] is 1 (Integer); expected true or false",
              "quantitiy is no field of com.example.Order; did you mean quantity?");
    }

    @Test
    void names_that_the_schema_has_not_may_be_left_out() {
      Problems problems = new Problems();
      Map<String, Object> value = Map.of("id", 1, "lines", List.of(), "other", 1);

      assertThat(new ToAvro(true).convert(order, value, problems))
          .isInstanceOf(GenericRecord.class);
      assertThat(problems.list()).isEmpty();
    }

    @Test
    void sets_and_arrays_are_lists_too() {
      assertThat(converted("{'type':'array','items':'int'}", Set.of(1))).isEqualTo(List.of(1));
      assertThat(converted("{'type':'array','items':'int'}", new Object[] {1, "2"}))
          .isEqualTo(List.of(1, 2));
      refused("{'type':'array','items':'int'}", "1", Map.of());
    }

    @Test
    void a_generic_record_is_converted_like_a_map() {
      GenericRecord given = new GenericData.Record(order);
      given.put("id", 1);
      given.put("quantity", 2);
      given.put("lines", List.of());
      given.put("tags", Map.of());

      assertThat(((GenericRecord) converted(order, given)).get("id")).isEqualTo(1L);
    }

    @Test
    void what_is_no_record_is_refused() {
      refused("{'type':'record','name':'A','fields':[]}", "x", List.of(), 5, new Object());
    }
  }

  @Test
  void a_long_value_is_not_quoted_in_full_nor_is_what_a_container_holds() {
    assertThat(problems(schema("'int'"), "x".repeat(500)).get(0)).hasSizeLessThan(150);
    assertThat(problems(schema("'int'"), Map.of("secret", "hunter2")).get(0))
        .doesNotContain("hunter2");
  }
}
