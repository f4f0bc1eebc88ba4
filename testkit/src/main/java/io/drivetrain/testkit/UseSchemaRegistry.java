package io.drivetrain.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a test class: a running {@link SchemaRegistry} for its constructor's and methods' parameters
 * of that type. It is started when the first test class needs it, shared by all test classes of the
 * JVM and closed after the last one.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SchemaRegistryExtension.class)
public @interface UseSchemaRegistry {
  /**
   * Whether this test class has a registry of its own, closed after its last test. Tests that stop
   * or kill it need none: each finds it running.
   */
  boolean own() default false;
}
