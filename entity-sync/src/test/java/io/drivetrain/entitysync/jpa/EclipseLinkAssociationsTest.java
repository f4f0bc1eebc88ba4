package io.drivetrain.entitysync.jpa;

class EclipseLinkAssociationsTest extends AssociationsTest {
  EclipseLinkAssociationsTest() {
    super(Provider.ECLIPSELINK);
  }
}
