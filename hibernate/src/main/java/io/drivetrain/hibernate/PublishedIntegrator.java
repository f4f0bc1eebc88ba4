package io.drivetrain.hibernate;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.service.spi.SessionFactoryServiceRegistry;

/**
 * Found by Hibernate through {@code META-INF/services}; makes each of its session factories report
 * to entity sync. Stateless.
 */
public class PublishedIntegrator implements Integrator {

  /** For Hibernate. */
  public PublishedIntegrator() {}

  @Override
  public void integrate(
      Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
    EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
    Reporter reporter = new Reporter();
    // In front of what calls the entity listeners, which are to be silent then, and behind it.
    listeners.prependListeners(EventType.POST_LOAD, reporter);
    listeners.prependListeners(EventType.POST_INSERT, reporter);
    listeners.prependListeners(EventType.POST_UPDATE, reporter);
    listeners.prependListeners(EventType.POST_DELETE, reporter);
    listeners.prependListeners(EventType.PRE_DELETE, reporter);
    Closer closer = new Closer();
    listeners.appendListeners(EventType.POST_LOAD, closer);
    listeners.appendListeners(EventType.POST_INSERT, closer);
    listeners.appendListeners(EventType.POST_UPDATE, closer);
    listeners.appendListeners(EventType.POST_DELETE, closer);
  }

  /** Nothing; but Hibernate 6.6 has no default for it and asks when a session factory closes. */
  @Override
  public void disintegrate(
      SessionFactoryImplementor factory, SessionFactoryServiceRegistry registry) {}
}
