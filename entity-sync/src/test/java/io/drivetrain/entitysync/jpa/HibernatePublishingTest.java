package io.drivetrain.entitysync.jpa;

class HibernatePublishingTest extends PublishingTest {
  HibernatePublishingTest() {
    super(Provider.HIBERNATE);
  }
}
