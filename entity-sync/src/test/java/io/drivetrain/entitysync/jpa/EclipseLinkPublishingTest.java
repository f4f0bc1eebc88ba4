package io.drivetrain.entitysync.jpa;

class EclipseLinkPublishingTest extends PublishingTest {
  EclipseLinkPublishingTest() {
    super(Provider.ECLIPSELINK);
  }
}
