package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class HibernateConsumingTest extends ConsumingTest {
  HibernateConsumingTest() {
    super(Provider.HIBERNATE, WriteMode.AUTO);
  }
}
