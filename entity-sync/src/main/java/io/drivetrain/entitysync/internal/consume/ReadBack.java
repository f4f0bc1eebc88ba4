package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads some of what was written past the provider through it. What no annotation tells, such as a
 * converter that applies by itself, shows here. Once for a consumer, in the transaction of its
 * first batch. Stateless.
 */
final class ReadBack<E> {
  private static final int SAMPLES = 5;

  private final ConsumedEntity<E> entity;
  private final PlainTable table;
  private final MergeWriter<E> reader;

  ReadBack(ConsumedEntity<E> entity, PlainTable table, MergeWriter<E> reader) {
    this.entity = entity;
    this.table = table;
    this.reader = reader;
  }

  /** How what the provider reads differs from what was written; empty if it does not. */
  Optional<String> difference(EntityManager entities, List<Change> written) {
    // Of a key written more than once the last; with a guard an old one may not have been written.
    Map<EntityKey, Change> last = new LinkedHashMap<>();
    for (Change change : written) {
      last.put(change.key(), change);
    }
    last.values().removeIf(Change::removes);
    List<Change> samples =
        last.values().stream().filter(c -> c.version().isEmpty()).limit(SAMPLES).toList();
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    WriterChoice.beginOnTransaction(entities, "read back");
    Map<EntityKey, E> read = reader.find(entities, samples.stream().map(Change::key).toList());
    for (Change change : samples) {
      E found = read.get(change.key());
      if (found == null) {
        return Optional.of("the provider does not find what was written");
      }
      for (PlainColumn column : table.columns()) {
        Attribute attribute = column.attribute();
        if (change.payload().containsKey(attribute.name())
            && column.updatable()
            && !same(intended(attribute, change), attribute.get(found))) {
          return Optional.of(
              "the provider reads another " + attribute.name() + " than was written");
        }
      }
      entities.detach(found);
    }
    return Optional.empty();
  }

  private static Object intended(Attribute attribute, Change change) {
    Object value = change.payload().get(attribute.name());
    if (attribute.kind() == Kind.REFERENCE) {
      return value == null ? null : Assignment.referencedId(attribute, value);
    }
    return Coercion.to(attribute.type(), value);
  }

  /** A column may round and pad. */
  static boolean same(Object intended, Object read) {
    if (intended == null || read == null) {
      return intended == read;
    }
    if (intended instanceof Number a && read instanceof Number b) {
      return Math.abs(a.doubleValue() - b.doubleValue())
          <= Math.max(1, Math.abs(a.doubleValue()) * 1e-6);
    }
    if (intended instanceof String a && read instanceof String b) {
      return a.stripTrailing().equals(b.stripTrailing());
    }
    if (intended instanceof byte[] a && read instanceof byte[] b) {
      return Arrays.equals(a, b);
    }
    if (intended instanceof Temporal a
        && read instanceof Temporal b
        && a.isSupported(ChronoUnit.NANOS)) {
      return Duration.between(a, b).abs().compareTo(Duration.ofSeconds(1)) <= 0;
    }
    return intended.equals(read);
  }
}
