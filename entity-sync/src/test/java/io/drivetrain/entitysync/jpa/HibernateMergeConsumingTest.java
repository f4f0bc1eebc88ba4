package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class HibernateMergeConsumingTest extends ConsumingTest {
  HibernateMergeConsumingTest() {
    super(Provider.HIBERNATE, WriteMode.MERGE);
  }
}
