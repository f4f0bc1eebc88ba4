package io.drivetrain.connector.internal.smallrye;

import io.drivetrain.connector.internal.metadata.MessageMetadata;
import io.drivetrain.connector.internal.metadata.OutgoingMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** {@code IncomingKafkaRecordMetadata} and {@code OutgoingKafkaRecordMetadata}. Immutable. */
public final class SmallRyeMetadata implements MessageMetadata {

  /** The specification's {@code Message}, which this is compiled against, does not have it. */
  private final Method getMetadata;

  /**
   * By name.
   *
   * @throws ReflectiveOperationException if the API is not there, or messages have no metadata
   */
  public SmallRyeMetadata() throws ReflectiveOperationException {
    getMetadata = Message.class.getMethod("getMetadata");
    // Here, where somebody waits for it, rather than with the first message.
    Class.forName(IncomingKafkaRecordMetadata.class.getName());
    Class.forName(OutgoingKafkaRecordMetadata.class.getName());
  }

  @Override
  public Message<?> attach(Message<?> message, String channel, ConsumerRecord<?, ?> record) {
    return new MessageWithMetadata(
        message, Metadata.of(new IncomingKafkaRecordMetadata<>(record, channel)));
  }

  @Override
  public Optional<OutgoingMetadata> of(Message<?> message) {
    OutgoingKafkaRecordMetadata<?> found = null;
    // One by one: Metadata.get finds no subclass.
    for (Object each : metadata(message)) {
      if (each instanceof OutgoingKafkaRecordMetadata<?> said) {
        found = said;
      } else if (each instanceof OutgoingCloudEventMetadata<?>) {
        throw new IllegalArgumentException(
            "the message has the metadata of a cloud event, which the drivetrain connector does not"
                + " write; send a ProducerRecord with the headers of the event");
      }
    }
    return Optional.ofNullable(found).map(SmallRyeMetadata::read);
  }

  private Metadata metadata(Message<?> message) {
    try {
      return (Metadata) getMetadata.invoke(message);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("the metadata of " + message + " cannot be read", e);
    }
  }

  private static OutgoingMetadata read(OutgoingKafkaRecordMetadata<?> said) {
    return new OutgoingMetadata(
        said.getTopic(),
        said.getKey(),
        said.getPartition() < 0 ? null : said.getPartition(),
        said.getTimestamp(),
        said.getHeaders());
  }
}
