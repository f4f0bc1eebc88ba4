package io.drivetrain.entitysync.jpa;

class EclipseLinkPublishersTest extends PublishersTest {
  EclipseLinkPublishersTest() {
    super(Provider.ECLIPSELINK);
  }
}
