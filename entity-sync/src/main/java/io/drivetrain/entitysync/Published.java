package io.drivetrain.entitysync;

import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes an entity's changes through the outbox, in the transaction that makes them. The entity
 * also needs {@code @EntityListeners(PublishedListener.class)}; without it deployment fails and
 * names the line to add.
 *
 * <p>All changes of one entity in a transaction become one event with its last state; created and
 * deleted again is none. The payload is the entity's basic attributes, embeddables and the ids of
 * its to-one associations, by attribute name. Repeat it to feed several topics. Subclasses publish
 * as their parent does unless they say otherwise themselves.
 *
 * <p>Configuration wins: {@code drivetrain.entity-sync.published.<Entity>.} {@code topic}, {@code
 * key}, {@code watch}, {@code on}, {@code enabled}; {@code
 * drivetrain.entity-sync.published.enabled=false} switches every entity off.
 */
// A stereotype, so that CDI's own scan finds published entities; they are vetoed as beans.
@Stereotype
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Published.All.class)
public @interface Published {

  /** The topic. */
  String topic();

  /**
   * The attributes whose value is the record key; default the entity's id. When it changes, the
   * record of the old key is deleted by a tombstone. A key of several parts is written as a JSON
   * object, its names sorted.
   */
  String[] key() default {};

  /** The attributes in the payload; default all. */
  String[] attributes() default {};

  /**
   * Attributes whose change makes an update worth publishing; default all published ones without
   * the version, times of modification, and lazy ones.
   */
  String[] watch() default {};

  /**
   * To-one associations that are written as the other entity's attributes instead of its id. They
   * are loaded for it; a change of the other entity alone is not published here.
   */
  String[] embed() default {};

  /** A CDI bean that decides about payload, key, headers and whether there is an event at all. */
  @SuppressWarnings("rawtypes") // A class literal has no type argument.
  Class<? extends EntityPublisher> publisher() default EntityPublisher.class;

  /** Which changes are published; default all. */
  Change[] on() default {Change.CREATE, Change.UPDATE, Change.DELETE};

  /** A kind of entity change. */
  enum Change {
    /** The entity is new. */
    CREATE,
    /** Attributes changed. */
    UPDATE,
    /** The entity is gone: a tombstone. */
    DELETE
  }

  /** Holds several {@link Published} on one entity. */
  @Stereotype
  @Documented
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    /** The annotations. */
    Published[] value();
  }
}
