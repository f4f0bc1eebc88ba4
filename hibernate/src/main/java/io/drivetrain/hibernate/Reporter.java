package io.drivetrain.hibernate;

import io.drivetrain.entitysync.ProviderEvents;
import java.util.HashSet;
import java.util.Set;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostLoadEvent;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PreDeleteEvent;
import org.hibernate.event.spi.PreDeleteEventListener;
import org.hibernate.persister.entity.EntityPersister;

/** Reports to entity sync what Hibernate does. Stateless, used by all threads. */
final class Reporter
    implements PostLoadEventListener,
        PostInsertEventListener,
        PostUpdateEventListener,
        PreDeleteEventListener,
        PostDeleteEventListener {
  private static final long serialVersionUID = 1L;

  @Override
  public void onPostLoad(PostLoadEvent event) {
    ProviderEvents.loaded(event.getEntity());
  }

  @Override
  public void onPostInsert(PostInsertEvent event) {
    ProviderEvents.created(event.getEntity());
  }

  @Override
  public void onPostUpdate(PostUpdateEvent event) {
    ProviderEvents.updated(event.getEntity(), changed(event));
  }

  /** Null where Hibernate does not know: a stateless session, a merge without a look at the row. */
  private static Set<String> changed(PostUpdateEvent event) {
    int[] dirty = event.getDirtyProperties();
    if (dirty == null || event.getOldState() == null) {
      return null;
    }
    String[] names = event.getPersister().getPropertyNames();
    Set<String> changed = new HashSet<>();
    for (int property : dirty) {
      changed.add(names[property]);
    }
    return changed;
  }

  @Override
  public boolean onPreDelete(PreDeleteEvent event) {
    ProviderEvents.deleting(event.getEntity());
    ProviderEvents.done();
    return false;
  }

  @Override
  public void onPostDelete(PostDeleteEvent event) {
    ProviderEvents.deleted(event.getEntity());
  }

  @Override
  public boolean requiresPostCommitHandling(EntityPersister persister) {
    return false;
  }
}
