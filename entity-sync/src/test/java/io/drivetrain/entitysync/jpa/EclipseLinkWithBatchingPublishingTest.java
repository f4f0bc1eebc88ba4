package io.drivetrain.entitysync.jpa;

class EclipseLinkWithBatchingPublishingTest extends PublishingTest {
  EclipseLinkWithBatchingPublishingTest() {
    super(Provider.ECLIPSELINK_WITH_BATCHING);
  }
}
