package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.WriteMode;

class EclipseLinkHooksTest extends HooksTest {
  EclipseLinkHooksTest() {
    super(Provider.ECLIPSELINK, WriteMode.AUTO);
  }
}
