package io.drivetrain.connector.internal.metadata;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Attaches metadata to incoming messages and reads those of outgoing ones; nothing unless the
 * application sees SmallRye's API for it. Immutable.
 */
public interface MessageMetadata {

  /** Knows of no metadata. */
  MessageMetadata NONE =
      new MessageMetadata() {
        @Override
        public Message<?> attach(Message<?> message, String channel, ConsumerRecord<?, ?> record) {
          return message;
        }

        @Override
        public Optional<OutgoingMetadata> of(Message<?> message) {
          return Optional.empty();
        }
      };

  /** The same message, with the metadata of its record. */
  Message<?> attach(Message<?> message, String channel, ConsumerRecord<?, ?> record);

  /**
   * What a message says of its record; empty if nothing.
   *
   * @throws IllegalArgumentException if it says what cannot be heeded
   */
  Optional<OutgoingMetadata> of(Message<?> message);

  /** {@link #NONE} if the API is not there, or the runtime's messages have no metadata. */
  static MessageMetadata find() {
    ClassLoader loader = MessageMetadata.class.getClassLoader();
    try {
      return (MessageMetadata)
          Class.forName("io.drivetrain.connector.internal.smallrye.SmallRyeMetadata", true, loader)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | LinkageError absent) {
      Logger log = System.getLogger(MessageMetadata.class.getName());
      log.log(Level.DEBUG, "messages have no metadata: the application does not see SmallRye's");
      return NONE;
    }
  }
}
