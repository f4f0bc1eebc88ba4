package io.drivetrain.connector.internal.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import org.apache.kafka.common.TopicPartition;

/** The attributes of metrics and spans: the conventions' where there are any. */
final class Names {
  /** Of the meter and the tracer. */
  static final String SCOPE = "io.drivetrain.connector";

  static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
  static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
  static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");
  static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  static final AttributeKey<Boolean> TOMBSTONE =
      AttributeKey.booleanKey("messaging.kafka.message.tombstone");
  static final AttributeKey<Long> BATCH = AttributeKey.longKey("messaging.batch.message_count");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("drivetrain.channel.name");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("drivetrain.delivery.attempt");
  static final AttributeKey<String> REBALANCE = AttributeKey.stringKey("drivetrain.rebalance");

  private Names() {}

  static Attributes channel(String channel, String group) {
    return Attributes.of(SYSTEM, "kafka", CHANNEL, channel, GROUP, group);
  }

  static Attributes of(Attributes channel, TopicPartition partition) {
    return channel.toBuilder()
        .put(TOPIC, partition.topic())
        .put(PARTITION, Integer.toString(partition.partition()))
        .build();
  }

  static Attributes failed(Attributes attributes, Throwable failure) {
    return attributes.toBuilder().put(ERROR, failure.getClass().getName()).build();
  }
}
