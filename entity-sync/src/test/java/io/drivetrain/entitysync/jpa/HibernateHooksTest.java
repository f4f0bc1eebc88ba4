package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class HibernateHooksTest extends HooksTest {
  HibernateHooksTest() {
    super(Provider.HIBERNATE, WriteMode.AUTO);
  }
}
