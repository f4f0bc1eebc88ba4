package io.drivetrain.avro.internal;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Avro's own verdicts, in words. */
public final class SchemaCheck {
  private SchemaCheck() {}

  /** Why a reader's schema cannot read what a writer's wrote; empty if it can. */
  public static List<String> unreadable(String reads, Schema reader, String wrote, Schema writer) {
    List<String> found = new ArrayList<>();
    for (Incompatibility each :
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
            .getResult()
            .getIncompatibilities()) {
      found.add(reads + " cannot read " + wrote + ": " + words(each));
    }
    return found;
  }

  private static String words(Incompatibility each) {
    String place = each.getLocation().equals("/") ? "the schema" : each.getLocation();
    String why = each.getMessage();
    return switch (each.getType()) {
      case NAME_MISMATCH -> place + " has another name (" + why + ")";
      case FIXED_SIZE_MISMATCH -> place + " has another size (" + why + ")";
      case MISSING_ENUM_SYMBOLS -> place + " lacks symbols and has no default (" + why + ")";
      case READER_FIELD_MISSING_DEFAULT_VALUE ->
          place + " needs a default, because the field " + why + " was not there";
      case MISSING_UNION_BRANCH -> place + " lacks a branch of the union (" + why + ")";
      default -> place + " has another type (" + why + ")";
    };
  }

  /** What is wrong with a value. */
  public static List<String> problems(Schema schema, Object value) {
    Problems problems = new Problems();
    new ToAvro(false).convert(schema, value, problems);
    return problems.list();
  }
}
