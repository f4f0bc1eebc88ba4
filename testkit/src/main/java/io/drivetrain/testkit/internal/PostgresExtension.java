package io.drivetrain.testkit.internal;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;

/** Gives test classes that say {@link UsePostgres} their {@link Postgres}. */
public final class PostgresExtension extends ServerExtension<Postgres> {
  /** Made by JUnit. */
  public PostgresExtension() {
    super(Postgres.class, Postgres::create, Postgres::start);
  }

  @Override
  boolean isOwn(Class<?> testClass) {
    UsePostgres use = testClass.getAnnotation(UsePostgres.class);
    return use != null && use.own();
  }
}
