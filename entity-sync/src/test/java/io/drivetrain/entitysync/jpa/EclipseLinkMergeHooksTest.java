package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class EclipseLinkMergeHooksTest extends HooksTest {
  EclipseLinkMergeHooksTest() {
    super(Provider.ECLIPSELINK, WriteMode.MERGE);
  }
}
