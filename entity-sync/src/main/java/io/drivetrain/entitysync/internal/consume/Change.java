package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a record does to the entity of a key.
 *
 * @param index the record's position in the batch
 * @param key which entity
 * @param payload the attributes to assign; null removes the entity
 * @param version how new the record is, if a guard asks
 */
record Change(int index, EntityKey key, Map<String, Object> payload, OptionalLong version) {
  boolean removes() {
    return payload == null;
  }
}
