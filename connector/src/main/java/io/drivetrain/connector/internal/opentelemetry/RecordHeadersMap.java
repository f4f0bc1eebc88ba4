package io.drivetrain.connector.internal.opentelemetry;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Trace contexts in the headers of a record. Stateless. */
final class RecordHeadersMap implements TextMapGetter<Headers> {
  static final RecordHeadersMap GETTER = new RecordHeadersMap();

  private RecordHeadersMap() {}

  @Override
  @SuppressWarnings("deprecation") // Older APIs ask for it.
  public Iterable<String> keys(Headers headers) {
    List<String> keys = new ArrayList<>();
    headers.forEach(header -> keys.add(header.key()));
    return keys;
  }

  @Override
  public String get(Headers headers, String key) {
    Header header = headers == null ? null : headers.lastHeader(key);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  static void set(Headers headers, String key, String value) {
    headers.remove(key).add(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
