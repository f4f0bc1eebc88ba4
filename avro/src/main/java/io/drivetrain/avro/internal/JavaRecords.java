package io.drivetrain.avro.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** Java records as maps of their components. Thread-safe. */
final class JavaRecords {
  /** By component; kept with the class, and so no longer than its loader. */
  private static final ClassValue<Map<String, Method>> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          Map<String, Method> accessors = new LinkedHashMap<>();
          for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            // Of a record that is not public.
            accessor.setAccessible(true);
            accessors.put(component.getName(), accessor);
          }
          return accessors;
        }
      };

  private JavaRecords() {}

  /** What it holds, in the order of its components. */
  static Map<String, Object> parts(Record record) {
    Map<String, Object> parts = new LinkedHashMap<>();
    ACCESSORS
        .get(record.getClass())
        .forEach((name, accessor) -> parts.put(name, call(accessor, record)));
    return parts;
  }

  private static Object call(Method accessor, Record record) {
    try {
      return accessor.invoke(record);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(accessor + " throws " + e.getCause(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
