package io.drivetrain.connector.internal.cdi;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;

/** Finds a bean of type {@code Map<String, Object>} by name. */
final class NamedMap {
  private static final Type TYPE = mapOfObjects().getType();

  /** By its name alone: SmallRye's, which is no part of any specification. */
  private static final String IDENTIFIER = "Identifier";

  private NamedMap() {}

  @SuppressWarnings("serial") // Nobody serialises it.
  private static TypeLiteral<Map<String, Object>> mapOfObjects() {
    return new TypeLiteral<>() {};
  }

  static Optional<Map<String, ?>> find(BeanManager beans, String name) {
    for (Bean<?> bean : beans.getBeans(TYPE, Any.Literal.INSTANCE)) {
      if (name.equals(bean.getName())
          || bean.getQualifiers().stream().anyMatch(qualifier -> isIdentifier(qualifier, name))) {
        Object map = beans.getReference(bean, TYPE, beans.createCreationalContext(bean));
        @SuppressWarnings("unchecked")
        Map<String, ?> found = (Map<String, ?>) map;
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static boolean isIdentifier(Annotation qualifier, String name) {
    Class<? extends Annotation> type = qualifier.annotationType();
    if (!type.getSimpleName().equals(IDENTIFIER)) {
      return false;
    }
    try {
      return name.equals(type.getMethod("value").invoke(qualifier));
    } catch (ReflectiveOperationException e) {
      // Somebody else's qualifier of that name.
      return false;
    }
  }
}
