package io.drivetrain.testkit;

/** Gives test classes that say {@link UseSchemaRegistry} their {@link SchemaRegistry}. */
final class SchemaRegistryExtension extends ServerExtension<SchemaRegistry> {
  SchemaRegistryExtension() {
    super(SchemaRegistry.class, SchemaRegistry::create, SchemaRegistry::start);
  }

  @Override
  boolean isOwn(Class<?> testClass) {
    UseSchemaRegistry use = testClass.getAnnotation(UseSchemaRegistry.class);
    return use != null && use.own();
  }
}
