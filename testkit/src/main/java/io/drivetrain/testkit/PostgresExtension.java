package io.drivetrain.testkit;

/** Gives test classes that say {@link UsePostgres} their {@link Postgres}. */
final class PostgresExtension extends ServerExtension<Postgres> {
  PostgresExtension() {
    super(Postgres.class, Postgres::create, Postgres::start);
  }

  @Override
  boolean isOwn(Class<?> testClass) {
    UsePostgres use = testClass.getAnnotation(UsePostgres.class);
    return use != null && use.own();
  }
}
