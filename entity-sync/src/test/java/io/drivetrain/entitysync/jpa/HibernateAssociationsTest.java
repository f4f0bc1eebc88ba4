package io.drivetrain.entitysync.jpa;

class HibernateAssociationsTest extends AssociationsTest {
  HibernateAssociationsTest() {
    super(Provider.HIBERNATE);
  }
}
