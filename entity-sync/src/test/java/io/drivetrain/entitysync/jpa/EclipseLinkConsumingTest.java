package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class EclipseLinkConsumingTest extends ConsumingTest {
  EclipseLinkConsumingTest() {
    super(Provider.ECLIPSELINK, WriteMode.AUTO);
  }
}
