package io.drivetrain.entitysync.jpa;

class HibernateWithBatchingPublishingTest extends PublishingTest {
  HibernateWithBatchingPublishingTest() {
    super(Provider.HIBERNATE_WITH_BATCHING);
  }
}
