package io.drivetrain.connector.internal.cdi;

import io.drivetrain.connector.internal.payload.ParameterType;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedParameter;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Learns, while the application is deployed, who reads which channel: nothing in the connector SPI
 * says so. Filled on the deploying thread, read afterwards.
 */
public class ConnectorExtension implements Extension {
  private final Map<String, List<ConsumerMethod>> consumers = new HashMap<>();
  private final List<Runnable> atShutdown = new ArrayList<>();

  <T> void bean(@Observes ProcessManagedBean<T> event) {
    for (AnnotatedMethod<? super T> method : event.getAnnotatedBeanClass().getMethods()) {
      if (method.getJavaMember().isBridge()) {
        continue;
      }
      for (Incoming incoming : each(method, Incoming.class)) {
        List<Type> parameters =
            method.getParameters().stream().map(AnnotatedParameter::getBaseType).toList();
        consumers(incoming.value()).add(ConsumerMethod.of(method.getJavaMember(), parameters));
      }
    }
  }

  /**
   * The annotations one by one, repeated ones too. Not {@code getAnnotations(Class)}: that asks for
   * the container of a repeated one, a class of SmallRye which Open Liberty hides.
   */
  private static <A extends Annotation> List<A> each(AnnotatedMethod<?> method, Class<A> type) {
    List<A> found = new ArrayList<>();
    String container = type.getSimpleName() + "s";
    for (Annotation annotation : method.getAnnotations()) {
      Class<? extends Annotation> annotationType = annotation.annotationType();
      if (type.isInstance(annotation)) {
        found.add(type.cast(annotation));
      } else if (annotationType.getSimpleName().equals(container)) {
        try {
          Object[] repeated = (Object[]) annotationType.getMethod("value").invoke(annotation);
          Stream.of(repeated).map(type::cast).forEach(found::add);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(method + ": cannot read " + annotationType.getName(), e);
        }
      }
    }
    return found;
  }

  void injectionPoint(@Observes ProcessInjectionPoint<?, ?> event) {
    for (Annotation qualifier : event.getInjectionPoint().getQualifiers()) {
      if (qualifier instanceof Channel channel
          && event.getInjectionPoint().getType() instanceof ParameterizedType type) {
        Type element = type.getActualTypeArguments()[0];
        if (ConsumerMethod.isStream(ParameterType.rawClass(type))) {
          consumers(channel.value())
              .add(
                  new ConsumerMethod(
                      "the stream injected into "
                          + event.getInjectionPoint().getMember().getDeclaringClass().getName(),
                      List.of(element),
                      void.class,
                      // Whoever subscribes decides; the spec lets him do so by hand only.
                      Optional.of(
                          org.eclipse.microprofile.reactive.messaging.Acknowledgment.Strategy
                              .POST_PROCESSING)));
        }
      }
    }
  }

  void shutdown(@Observes BeforeShutdown event) {
    List.copyOf(atShutdown).forEach(Runnable::run);
  }

  private List<ConsumerMethod> consumers(String channel) {
    return consumers.computeIfAbsent(channel, name -> new ArrayList<>());
  }

  /** Who reads a channel. */
  public List<ConsumerMethod> consumersOf(String channel) {
    return List.copyOf(consumers.getOrDefault(channel, List.of()));
  }

  /**
   * Runs after the last bean is destroyed: what beans use in their {@code @PreDestroy} ends here.
   */
  public void atShutdown(Runnable work) {
    atShutdown.add(work);
  }
}
