package io.drivetrain.entitysync.jpa;

class HibernateWithBatchingPublishersTest extends PublishersTest {
  HibernateWithBatchingPublishersTest() {
    super(Provider.HIBERNATE_WITH_BATCHING);
  }
}
