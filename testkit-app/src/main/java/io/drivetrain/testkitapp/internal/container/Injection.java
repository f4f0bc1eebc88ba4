package io.drivetrain.testkitapp.internal.container;

import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import org.jboss.weld.injection.spi.JpaInjectionServices;
import org.jboss.weld.injection.spi.ResourceReference;
import org.jboss.weld.injection.spi.ResourceReferenceFactory;
import org.jboss.weld.injection.spi.helpers.SimpleResourceReference;

/** Gives Weld what fields with JPA's annotations ask for. Thread-safe. */
public final class Injection implements JpaInjectionServices {
  private final Persistence persistence;

  Injection(Persistence persistence) {
    this.persistence = persistence;
  }

  @Override
  public ResourceReferenceFactory<EntityManager> registerPersistenceContextInjectionPoint(
      InjectionPoint point) {
    String unit = point.getAnnotated().getAnnotation(PersistenceContext.class).unitName();
    EntityManager entities = persistence.entityManager(unit);
    return () -> reference(entities);
  }

  @Override
  public ResourceReferenceFactory<EntityManagerFactory> registerPersistenceUnitInjectionPoint(
      InjectionPoint point) {
    String unit = point.getAnnotated().getAnnotation(PersistenceUnit.class).unitName();
    return () -> reference(persistence.factory(unit));
  }

  private static <T> ResourceReference<T> reference(T object) {
    return new SimpleResourceReference<>(object);
  }

  @Override
  public void cleanup() {
    // The test closes what it made.
  }
}
