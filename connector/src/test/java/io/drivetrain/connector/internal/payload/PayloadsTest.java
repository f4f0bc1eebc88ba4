package io.drivetrain.connector.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.connector.UndecodableException;
import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.schema.settings.Settings;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class PayloadsTest {

  /** A JSON type. */
  public static class Order {
    public String id;
    public int amount;
  }

  /** A batch type of an application. */
  record Lines(List<String> lines) {}

  private static final class LinesParameter implements BatchParameter<Lines> {
    @Override
    public Class<Lines> type() {
      return Lines.class;
    }

    @Override
    public Lines of(String channel, List<ConsumerRecord<byte[], byte[]>> records) {
      return new Lines(records.stream().map(record -> channel + record.offset()).toList());
    }
  }

  /** One method per parameter type. */
  @SuppressWarnings({"unused", "rawtypes"})
  private abstract static class Methods<T> {
    abstract void string(String value);

    abstract void bytes(byte[] value);

    abstract void order(Order value);

    abstract void optionalOrder(Optional<Order> value);

    abstract void optionalString(Optional<String> value);

    abstract void orderRecord(ConsumerRecord<String, Order> record);

    abstract void longKeyRecord(ConsumerRecord<Long, String> record);

    abstract void uuidKeyRecord(ConsumerRecord<UUID, byte[]> record);

    abstract void orderKeyRecord(ConsumerRecord<Order, String> record);

    abstract void plainRecord(ConsumerRecord<byte[], byte[]> record);

    abstract void anyRecord(ConsumerRecord<?, ?> record);

    abstract void rawRecord(ConsumerRecord record);

    abstract void message(Message<Order> message);

    abstract void messageOfList(Message<List<String>> message);

    abstract void anyMessage(Message<?> message);

    abstract void rawMessage(Message message);

    abstract void strings(List<String> values);

    abstract void orderRecords(List<ConsumerRecord<String, Order>> records);

    abstract void map(Map<String, Integer> value);

    abstract void lines(Lines lines);

    abstract void variable(T value);

    abstract void rawList(List values);
  }

  private MapConfig root = MapConfig.of();
  private Optional<Deserializer<?>> keys = Optional.empty();
  private Optional<Deserializer<?>> values = Optional.empty();

  private static Type type(String method) {
    for (var declared : Methods.class.getDeclaredMethods()) {
      if (declared.getName().equals(method)) {
        return declared.getGenericParameterTypes()[0];
      }
    }
    throw new AssertionError(method);
  }

  private Payload payload(String method) {
    return new Payloads(Settings.of(root), false, keys, values)
        .of(ParameterType.of(type(method), List.of(new LinesParameter())));
  }

  private static byte[] utf8(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> record(String key, String value) {
    return new ConsumerRecord<>("orders", 2, 42, utf8(key), utf8(value));
  }

  private Object decoded(String method, String value) {
    return payload(method).decode(record("k", value));
  }

  private ConsumerRecord<?, ?> decodedRecord(String method, String key, String value) {
    return (ConsumerRecord<?, ?>) payload(method).decode(record(key, value));
  }

  private void assertUndecodable(String method, String value, String sentence) {
    assertThatThrownBy(() -> decoded(method, value))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void text_and_bytes_are_taken_as_they_are() {
    assertThat(decoded("string", "{x")).isEqualTo("{x");
    assertThat(decoded("bytes", "{x")).isEqualTo(utf8("{x"));
  }

  @Test
  void other_types_are_json() {
    Order order = (Order) decoded("order", "{\"id\":\"a\",\"amount\":3}");

    assertThat(order.id).isEqualTo("a");
    assertThat(order.amount).isEqualTo(3);
    assertThat(decoded("map", "{\"a\":1}")).isEqualTo(Map.of("a", 1));
  }

  @Test
  void the_codec_of_the_topic_decides() {
    root = MapConfig.of("drivetrain.topics.orders.codec", "string");

    assertUndecodable("order", "{}", "codec string gives java.lang.String");
  }

  @Test
  void what_is_no_json_is_undecodable_and_the_message_does_not_hold_it() {
    assertThatThrownBy(() -> decoded("order", "secret stuff"))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("topic orders: the value is not JSON that fits")
        .hasMessageNotContaining("secret");
    assertUndecodable("order", "null", "decodes to nothing");
  }

  @Test
  void a_record_has_key_and_value_decoded_and_all_the_rest() {
    ConsumerRecord<?, ?> record = decodedRecord("orderRecord", "k", "{\"id\":\"a\"}");

    assertThat(record.key()).isEqualTo("k");
    assertThat(((Order) record.value()).id).isEqualTo("a");
    assertThat(record.offset()).isEqualTo(42);
    assertThat(record.partition()).isEqualTo(2);
  }

  @Test
  void keys_are_read_in_their_plain_form() {
    UUID uuid = UUID.randomUUID();

    assertThat(decodedRecord("longKeyRecord", "17", "v").key()).isEqualTo(17L);
    assertThat(decodedRecord("uuidKeyRecord", uuid.toString(), "v").key()).isEqualTo(uuid);
    assertThat(decodedRecord("longKeyRecord", null, "v").key()).isNull();
    assertThatThrownBy(() -> decodedRecord("longKeyRecord", "x", "v"))
        .isInstanceOf(UndecodableException.class)
        .hasMessage("the key is no java.lang.Long");
    assertThatThrownBy(() -> payload("orderKeyRecord"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set key.deserializer");
  }

  @Test
  void a_record_of_bytes_is_the_record_itself() {
    ConsumerRecord<byte[], byte[]> record = record("k", "v");

    assertThat(payload("plainRecord").decode(record)).isSameAs(record);
    assertThat(payload("anyRecord").decode(record)).isSameAs(record);
    assertThat(payload("rawRecord").decode(record)).isSameAs(record);
  }

  @Test
  void a_tombstone_comes_only_as_a_record_or_an_optional() {
    assertThat(decodedRecord("orderRecord", "k", null).value()).isNull();
    assertThat(decoded("optionalOrder", null)).isEqualTo(Optional.empty());
    assertThat(decoded("optionalString", "v")).isEqualTo(Optional.of("v"));
    assertUndecodable("string", null, "tombstone");
    assertUndecodable("bytes", null, "take ConsumerRecord or Optional");
    assertUndecodable("order", null, "tombstone");
  }

  @Test
  void a_message_holds_what_its_type_says() {
    assertThat(decoded("message", "{\"id\":\"a\"}")).isInstanceOf(Order.class);
    assertThat(payload("messageOfList").isBatch()).isTrue();
    assertThatThrownBy(() -> payload("rawMessage")).hasMessageContaining("does not say what");
  }

  @Test
  void a_configured_deserializer_decides_over_everything() {
    values = Optional.of(new LongDeserializer());
    keys = Optional.of(new StringDeserializer());

    assertThatThrownBy(() -> decoded("string", "12345678"))
        .hasMessageContaining("LongDeserializer gives java.lang.Long")
        .hasMessageContaining("takes java.lang.String");
    assertUndecodable("string", "short", "cannot be decoded by");
    values = Optional.of(new StringDeserializer());
    assertThat(decoded("string", "x")).isEqualTo("x");
    assertThat(decodedRecord("anyRecord", "k", "x").value()).isEqualTo("x");
    assertThat(decodedRecord("anyRecord", "k", "x").key()).isEqualTo("k");
  }

  @Test
  void a_batch_ends_before_a_record_that_cannot_be_decoded() {
    Payload.Batch batch =
        payload("orderRecords")
            .decode("in", List.of(record("a", "{}"), record("b", "{x"), record("c", "{}")));

    assertThat(batch.size()).isEqualTo(1);
    assertThat((List<?>) batch.payload()).hasSize(1);
    assertThat(batch.undecodable()).isInstanceOf(UndecodableException.class);
  }

  @Test
  void a_batch_whose_first_record_cannot_be_decoded_is_empty() {
    Payload.Batch batch = payload("strings").decode("in", List.of(record("a", null)));

    assertThat(batch.size()).isZero();
    assertThat(batch.undecodable()).hasMessageContaining("tombstone");
  }

  @Test
  void an_application_may_have_a_batch_type_of_its_own() {
    Payload payload = payload("lines");

    assertThat(payload.isBatch()).isTrue();
    assertThat(payload.decode("in", List.of(record("a", null))).payload())
        .isEqualTo(new Lines(List.of("in42")));
  }

  @Test
  void a_type_that_does_not_say_what_to_decode_is_refused() {
    assertThatThrownBy(() -> payload("variable")).hasMessageContaining("type variable T");
    assertThatThrownBy(() -> payload("rawList")).hasMessageContaining("raw type java.util.List");
  }
}
