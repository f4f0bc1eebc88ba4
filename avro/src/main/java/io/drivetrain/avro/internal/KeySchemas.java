package io.drivetrain.avro.internal;

import io.drivetrain.schema.settings.SettingsException;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/** Makes the schema of keys that are a field of the value. */
final class KeySchemas {
  private static final Set<Schema.Type> SIMPLE =
      Set.of(
          Schema.Type.STRING,
          Schema.Type.INT,
          Schema.Type.LONG,
          Schema.Type.BYTES,
          Schema.Type.BOOLEAN,
          Schema.Type.FLOAT,
          Schema.Type.DOUBLE);

  private KeySchemas() {}

  /**
   * {@code <Value>_key}, a record of that field alone.
   *
   * @param setting that names the field
   * @param path a field of the value, or dotted of a record within
   * @throws SettingsException if the value has no such field, or it is no simple one
   */
  static Schema of(Schema value, String setting, String path) {
    Schema type = value;
    String name = path;
    for (String step : path.split("\\.")) {
      Field field = type.getType() == Schema.Type.RECORD ? type.getField(step) : null;
      if (field == null) {
        throw SettingsException.of(
            setting,
            path,
            type.getType() == Schema.Type.RECORD
                ? "a field of "
                    + type.getFullName()
                    + ", which has "
                    + String.join(", ", type.getFields().stream().map(Field::name).toList())
                : "a field; " + describe(type) + " has none");
      }
      type = field.schema();
      name = step;
    }
    boolean uuid = type.getLogicalType() != null && type.getLogicalType().getName().equals("uuid");
    if (!SIMPLE.contains(type.getType()) || type.getLogicalType() != null && !uuid) {
      throw SettingsException.of(
          setting,
          path,
          "a field that is string, int, long, bytes, boolean, float or double and never null; in "
              + value.getFullName()
              + " it is "
              + describe(type));
    }
    return Schema.createRecord(
        value.getName() + "_key",
        "Key for " + value.getFullName(),
        value.getNamespace(),
        false,
        List.of(new Field(name, Schema.create(type.getType()))));
  }

  private static String describe(Schema type) {
    if (type.isUnion()) {
      return "the union " + type.getTypes().stream().map(KeySchemas::describe).toList();
    }
    return type.getLogicalType() == null
        ? type.getType().getName()
        : type.getLogicalType().getName();
  }
}
