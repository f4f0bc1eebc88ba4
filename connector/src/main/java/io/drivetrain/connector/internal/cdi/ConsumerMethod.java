package io.drivetrain.connector.internal.cdi;

import io.drivetrain.connector.internal.payload.ParameterType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Who reads a channel: a method, or a stream injected with {@code @Channel}. Immutable.
 *
 * @param description the method as an error names it
 * @param channels the channels it reads
 * @param parameters its parameters' generic types; of an injected stream, its element
 * @param returned the class it returns
 * @param acknowledgment when it acknowledges, if it says so
 */
public record ConsumerMethod(
    String description,
    List<String> channels,
    List<Type> parameters,
    Class<?> returned,
    Optional<Acknowledgment.Strategy> acknowledgment) {

  private static final String SMALLRYE = "io.smallrye.reactive.messaging.";

  /** Streams, by name: most of these are no part of what this module compiles against. */
  private static final Set<String> STREAMS =
      Set.of(
          "org.reactivestreams.Publisher",
          "org.reactivestreams.Subscriber",
          "org.reactivestreams.Processor",
          "java.util.concurrent.Flow$Publisher",
          "java.util.concurrent.Flow$Subscriber",
          "java.util.concurrent.Flow$Processor",
          "org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder",
          "org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder",
          "org.eclipse.microprofile.reactive.streams.operators.ProcessorBuilder",
          "io.smallrye.mutiny.Multi");

  /** A method. */
  static ConsumerMethod of(Method method, List<String> channels, List<Type> parameters) {
    String description =
        method.getDeclaringClass().getSimpleName()
            + "."
            + method.getName()
            + Arrays.stream(method.getGenericParameterTypes())
                .map(ConsumerMethod::shortName)
                .collect(Collectors.joining(", ", "(", ")"));
    return new ConsumerMethod(
        description,
        channels,
        parameters,
        method.getReturnType(),
        Optional.ofNullable(method.getAnnotation(Acknowledgment.class)).map(Acknowledgment::value));
  }

  static String shortName(Type type) {
    return type.getTypeName().replaceAll("\\b[\\w$]+\\.", "").replaceAll("\\b\\w+\\$", "");
  }

  static boolean isStream(Class<?> type) {
    return STREAMS.contains(type.getName());
  }

  /** Whether it may look at the metadata of its messages. */
  public boolean seesMetadata() {
    return parameters.size() > 1 || ParameterType.rawClass(parameters.get(0)) == Message.class;
  }

  /** SmallRye fills the second from the message, if the connector attaches it. */
  private boolean takesPayloadAndMetadata() {
    return parameters.size() == 2
        && ParameterType.rawClass(parameters.get(0)) != List.class
        && ParameterType.rawClass(parameters.get(1))
            .getName()
            .equals(SMALLRYE + "kafka.api.IncomingKafkaRecordMetadata");
  }

  /**
   * Why the method cannot read a {@code drivetrain} channel, as the rest of a sentence that begins
   * with it; empty if it can.
   */
  public Optional<String> defect() {
    if (channels.size() > 1) {
      return Optional.of(
          "reads "
              + channels.size()
              + " channels, "
              + String.join(" and ", channels)
              + ", and the runtime would process records of one while Delivery shows those of"
              + " another; read all topics by one channel (topics=a,b), or give each channel its own"
              + " method");
    }
    if (!parameters.isEmpty()
        && ParameterType.rawClass(parameters.get(0)).getName().startsWith(SMALLRYE)) {
      return Optional.of(
          "takes "
              + shortName(parameters.get(0))
              + ", which only smallrye-kafka makes; take ConsumerRecord<K, V>, or the payload and"
              + " IncomingKafkaRecordMetadata");
    }
    if (parameters.size() != 1 && !takesPayloadAndMetadata()
        || isStream(ParameterType.rawClass(parameters.get(0)))) {
      return Optional.of(
          parameters.size() > 1
              ? "takes "
                  + parameters.size()
                  + " parameters; take one payload, and inject Delivery for topic, offset and"
                  + " headers"
              : "handles a stream instead of records, and the runtime acknowledges those before"
                  + " they are processed; take one payload, or a List of them");
    }
    if (isStream(returned)) {
      return Optional.of(
          "returns a stream, and the runtime acknowledges the record before that is processed;"
              + " return one payload, or send with an Emitter");
    }
    boolean message = ParameterType.rawClass(parameters.get(0)) == Message.class;
    Acknowledgment.Strategy strategy =
        acknowledgment.orElse(
            message ? Acknowledgment.Strategy.MANUAL : Acknowledgment.Strategy.POST_PROCESSING);
    return switch (strategy) {
      case POST_PROCESSING -> Optional.empty();
      case MANUAL ->
          Optional.of(
              "acknowledges by hand, and an exception it throws would end the channel for good;"
                  + " add @Acknowledgment(POST_PROCESSING)"
                  + (message ? " or take the payload instead of the Message" : ""));
      case PRE_PROCESSING, NONE ->
          Optional.of(
              "has @Acknowledgment("
                  + strategy
                  + "), so a record that fails could not come again, and an exception would end"
                  + " the channel for good; use POST_PROCESSING");
    };
  }
}
