package io.drivetrain.avro.internal;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificFixed;
import org.apache.avro.specific.SpecificRecord;

/**
 * What is known of the generated class that somebody asks for and of those it holds. They are
 * trusted: the application names the class itself, and its schema, not the writer's, names the
 * others. Avro would want each listed in a system property of the whole server. Thread-safe.
 */
final class GeneratedData extends SpecificData {

  GeneratedData(Class<?> target) {
    super(target.getClassLoader());
    SpecificData model = SpecificData.getForClass(target);
    model.getConversions().forEach(this::addLogicalTypeConversion);
    setCustomCoders(model.useCustomCoders());
  }

  @Override
  public Class<?> getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> generated(getClassName(schema));
      default -> super.getClass(schema);
    };
  }

  /** Null for what has no class, which is then generic; never a class of any other kind. */
  private Class<?> generated(String name) {
    try {
      Class<?> found = Class.forName(name, true, getClassLoader());
      return SpecificRecord.class.isAssignableFrom(found)
              || SpecificFixed.class.isAssignableFrom(found)
              || found.isEnum()
          ? found
          : null;
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }
}
