package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.BatchParameter;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A batch type of the application's own. */
public record Lines(List<String> lines) {

  /** Makes it from records. */
  @ApplicationScoped
  public static class Parameter implements BatchParameter<Lines> {
    @Override
    public Class<Lines> type() {
      return Lines.class;
    }

    @Override
    public Lines of(String channel, List<ConsumerRecord<byte[], byte[]>> records) {
      return new Lines(
          records.stream()
              .map(record -> new String(record.value(), StandardCharsets.UTF_8))
              .toList());
    }
  }
}
