package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class HibernateMergeHooksTest extends HooksTest {
  HibernateMergeHooksTest() {
    super(Provider.HIBERNATE, WriteMode.MERGE);
  }
}
