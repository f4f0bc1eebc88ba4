package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import java.util.List;

/**
 * What an entity was like when it was last loaded or stored. Immutable; it refers to no entity, so
 * that it can be held for as long as its entity lives.
 */
final class Memory {
  private final Object id;
  private final Object[][] watched;
  private final Object[] keys;

  private Memory(Object id, Object[][] watched, Object[] keys) {
    this.id = id;
    this.watched = watched;
    this.keys = keys;
  }

  /** The entity now, loading nothing. */
  static Memory of(List<Publication> publications, Object entity) {
    Object[][] watched = new Object[publications.size()][];
    Object[] keys = new Object[publications.size()];
    for (int i = 0; i < publications.size(); i++) {
      Publication publication = publications.get(i);
      List<Attribute> attributes = publication.watched();
      watched[i] = new Object[attributes.size()];
      for (int j = 0; j < attributes.size(); j++) {
        watched[i][j] = attributes.get(j).remembered(entity);
      }
      keys[i] = publication.keyAtHand(entity);
    }
    return new Memory(publications.get(0).shape().idOf(entity), watched, keys);
  }

  Object id() {
    return id;
  }

  /** The key's value then, null if it is not known. */
  Object key(int publication) {
    return keys[publication];
  }

  /** Whether a watched attribute changed since, or might have. */
  boolean differs(int index, Publication publication, Object entity) {
    List<Attribute> attributes = publication.watched();
    for (int j = 0; j < attributes.size(); j++) {
      Attribute attribute = attributes.get(j);
      if (attribute.differs(watched[index][j], attribute.remembered(entity))) {
        return true;
      }
    }
    return false;
  }
}
