package io.drivetrain.entitysync.jpa;

class HibernatePublishersTest extends PublishersTest {
  HibernatePublishersTest() {
    super(Provider.HIBERNATE);
  }
}
