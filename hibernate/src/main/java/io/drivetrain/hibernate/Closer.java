package io.drivetrain.hibernate;

import io.drivetrain.entitysync.ProviderEvents;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostLoadEvent;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.persister.entity.EntityPersister;

/** Comes last: the entity's listeners have been called. Stateless, used by all threads. */
final class Closer
    implements PostLoadEventListener,
        PostInsertEventListener,
        PostUpdateEventListener,
        PostDeleteEventListener {
  private static final long serialVersionUID = 1L;

  @Override
  public void onPostLoad(PostLoadEvent event) {
    ProviderEvents.done();
  }

  @Override
  public void onPostInsert(PostInsertEvent event) {
    ProviderEvents.done();
  }

  @Override
  public void onPostUpdate(PostUpdateEvent event) {
    ProviderEvents.done();
  }

  @Override
  public void onPostDelete(PostDeleteEvent event) {
    ProviderEvents.done();
  }

  @Override
  public boolean requiresPostCommitHandling(EntityPersister persister) {
    return false;
  }
}
