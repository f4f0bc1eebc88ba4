package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class EclipseLinkMergeConsumingTest extends ConsumingTest {
  EclipseLinkMergeConsumingTest() {
    super(Provider.ECLIPSELINK, WriteMode.MERGE);
  }
}
