package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import java.time.Duration;

/**
 * One poller, {@code drivetrain.entity-sync.pollers.<name>.*}, checked. Immutable.
 *
 * @param entity the entity class
 * @param every from the end of a round to the beginning of the next
 * @param batch entities of a step
 * @param condition JPQL on the alias {@code e}, null for none
 * @param skipsInvalid whether an entity that cannot be published is passed over
 * @param time null for one by state
 * @param state null for one by time
 */
record PollerSettings(
    String name,
    Class<?> entity,
    Duration every,
    int batch,
    String condition,
    boolean skipsInvalid,
    ByTime time,
    ByState state) {

  /**
   * What has a later time of change than what was read last.
   *
   * @param timestamp the attribute
   * @param lag how old a change must be to be read
   * @param fromNow whether to begin with what changes from now on
   * @param fullTable whether each round reads everything
   */
  record ByTime(Attribute timestamp, Duration lag, boolean fromNow, boolean fullTable) {}

  /**
   * What is in a state, and then put into another.
   *
   * @param attribute the state
   * @param pending what is to be published
   * @param published what that becomes
   * @param failed what it becomes if it cannot be published, null if it waits
   * @param publishedAt the attribute that gets the time, null for none
   */
  record ByState(
      Attribute attribute,
      Object pending,
      Object published,
      Object failed,
      Attribute publishedAt) {}
}
