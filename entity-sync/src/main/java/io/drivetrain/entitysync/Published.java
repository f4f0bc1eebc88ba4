package io.drivetrain.entitysync;

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
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Published.All.class)
public @interface Published {

  /** The topic. Configuration may override it. */
  String topic();

  /** The attribute whose value is the record key; default the entity's id. */
  String key() default "";

  /**
   * Attributes whose change makes an update worth publishing; default all published ones without
   * the version.
   */
  String[] watch() default {};

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
  @Documented
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    /** The annotations. */
    Published[] value();
  }
}
