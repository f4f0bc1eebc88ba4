package io.drivetrain.entitysync.internal.boot;

import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.entitysync.internal.publish.Publications;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/** Tells whether the publishers that entities name are beans and take the entity. */
final class PublisherCheck {
  private final BeanManager beans;

  PublisherCheck(BeanManager beans) {
    this.beans = beans;
  }

  /**
   * Checks one entity's.
   *
   * @throws MappingException with what to change
   */
  void check(Class<?> entity) {
    Publications.declaring(entity)
        .ifPresent(
            declaring -> {
              for (Published each : declaring.getDeclaredAnnotationsByType(Published.class)) {
                if (each.publisher() != EntityPublisher.class) {
                  check(entity, each.publisher());
                }
              }
            });
  }

  private void check(Class<?> entity, Class<?> publisher) {
    long found =
        beans.getBeans(publisher, Any.Literal.INSTANCE).stream()
            .filter(bean -> bean.getBeanClass() == publisher)
            .count();
    if (found == 0) {
      throw new MappingException(
          publisher.getName()
              + ", the publisher of "
              + entity.getSimpleName()
              + ", is no CDI bean; annotate it with @ApplicationScoped");
    }
    Class<?> takes = argument(publisher);
    if (!takes.isAssignableFrom(entity)) {
      throw new MappingException(
          publisher.getName()
              + " publishes "
              + takes.getName()
              + " and cannot publish "
              + entity.getName()
              + "; expected EntityPublisher<"
              + entity.getSimpleName()
              + ">");
    }
  }

  /** What it says it publishes, Object if that cannot be told. */
  private static Class<?> argument(Class<?> publisher) {
    for (Class<?> c = publisher; c != null; c = c.getSuperclass()) {
      for (Type face : c.getGenericInterfaces()) {
        if (face instanceof ParameterizedType generic
            && generic.getRawType() == EntityPublisher.class
            && generic.getActualTypeArguments()[0] instanceof Class<?> type) {
          return type;
        }
      }
    }
    return Object.class;
  }
}
