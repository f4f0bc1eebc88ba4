package io.drivetrain.entitysync.jpa;

class EclipseLinkConsumingTest extends ConsumingTest {
  EclipseLinkConsumingTest() {
    super(Provider.ECLIPSELINK);
  }
}
