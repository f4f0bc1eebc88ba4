package io.drivetrain.avro.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Which branches of a union are of a value's own kind, so that none has to be tried before. */
final class Natural {
  private Natural() {}

  static boolean is(Schema branch, Object value) {
    String time = Times.logical(branch);
    if (time != null) {
      return Times.isNatural(time, value);
    }
    String logical = branch.getLogicalType() == null ? "" : branch.getLogicalType().getName();
    if (logical.equals("uuid")) {
      return value instanceof UUID;
    }
    if (branch.getLogicalType() instanceof LogicalTypes.Decimal) {
      return value instanceof BigDecimal;
    }
    return switch (branch.getType()) {
      case BOOLEAN -> value instanceof Boolean;
      case INT -> value instanceof Integer || value instanceof Short || value instanceof Byte;
      case LONG ->
          value instanceof Long
              || value instanceof Integer
              || value instanceof Short
              || value instanceof Byte
              || value instanceof BigInteger;
      case FLOAT -> value instanceof Float;
      case DOUBLE ->
          value instanceof Double || value instanceof Float || value instanceof BigDecimal;
      case STRING -> value instanceof CharSequence || value instanceof Character;
      case ENUM ->
          value instanceof Enum<?>
              || value instanceof GenericEnumSymbol<?>
              || value instanceof CharSequence text && branch.hasEnumSymbol(text.toString());
      case BYTES -> value instanceof byte[] || value instanceof ByteBuffer;
      case FIXED -> value instanceof byte[] || value instanceof GenericFixed;
      case ARRAY -> value instanceof Collection<?> || value instanceof Object[];
      case MAP -> value instanceof Map<?, ?>;
      case RECORD ->
          value instanceof Map<?, ?>
              || value instanceof Record
              || value instanceof IndexedRecord record
                  && record.getSchema().getFullName().equals(branch.getFullName());
      default -> false;
    };
  }
}
