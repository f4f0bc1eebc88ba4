package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.schema.CodecException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.FlushModeType;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Root;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entities that associations refer to, by id or by another key. Used for one flush. */
final class References implements Assignment.References {
  private final EntityManager entities;
  private final Hooks<?> hooks;
  private final Map<List<Object>, Object> found = new HashMap<>();

  References(EntityManager entities, Hooks<?> hooks) {
    this.entities = entities;
    this.hooks = hooks;
  }

  @Override
  public Object reference(Attribute attribute, Object value) {
    String by = hooks.references().get(attribute.name());
    if (by == null) {
      return entities.getReference(attribute.type(), Assignment.referencedId(attribute, value));
    }
    Attribute key = EntityShape.of(attribute.type()).require(by, "key of a reference");
    Object wanted = Coercion.to(key.type(), Assignment.referencedKey(key, value));
    return found.computeIfAbsent(
        List.of(attribute.name(), wanted), asked -> query(attribute.type(), by, wanted));
  }

  private <T> T query(Class<T> type, String by, Object wanted) {
    CriteriaQuery<T> query = entities.getCriteriaBuilder().createQuery(type);
    Root<T> root = query.from(type);
    query.select(root).where(entities.getCriteriaBuilder().equal(root.get(by), wanted));
    List<T> rows =
        entities
            .createQuery(query)
            .setFlushMode(FlushModeType.COMMIT)
            .setMaxResults(2)
            .getResultList();
    if (rows.size() != 1) {
      throw new CodecException(
          (rows.isEmpty() ? "no " : "more than one ")
              + type.getSimpleName()
              + " with "
              + by
              + " '"
              + wanted
              + "'");
    }
    return rows.get(0);
  }
}
