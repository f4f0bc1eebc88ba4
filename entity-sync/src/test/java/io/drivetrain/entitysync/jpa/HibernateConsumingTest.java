package io.drivetrain.entitysync.jpa;

class HibernateConsumingTest extends ConsumingTest {
  HibernateConsumingTest() {
    super(Provider.HIBERNATE);
  }
}
