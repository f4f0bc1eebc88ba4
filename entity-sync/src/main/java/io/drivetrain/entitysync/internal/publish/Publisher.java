package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.publish.Net.Event;
import io.drivetrain.entitysync.internal.publish.Publication.Shot;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.PendingMessages.Pending;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Turns an application's entity callbacks into pending messages; one per application, used by all
 * of its threads.
 *
 * <p>The payload is encoded in the callback: the provider has just taken the same values for its
 * statement, and later changes come with a callback of their own. The row is never read, because
 * with JDBC batching its statement has not been sent yet; the entity manager is never touched,
 * because callbacks run inside its flush.
 */
public final class Publisher {
  private final Publications publications;
  private final Supplier<PendingMessages> source;

  /** Found at the first event; any thread may set it, all to the same. */
  private volatile PendingMessages outbox;

  /** What entities were like when last loaded or stored; thread-safe by itself. */
  private final WeakIdentityMap<Object, Memory> memories = new WeakIdentityMap<>();

  /** Equal for the same entity and publication. */
  private record Slot(EntityShape shape, int publication, Object id) {}

  /**
   * Publishes what these publications say.
   *
   * @param source asked at the first event, when the application runs
   */
  public Publisher(Publications publications, Supplier<PendingMessages> source) {
    this.publications = publications;
    this.source = source;
  }

  /** An entity's state is as in the database. */
  public void loaded(Object entity) {
    List<Publication> all = publications.of(entity.getClass());
    if (!all.isEmpty()) {
      memories.put(entity, Memory.of(all, entity));
    }
  }

  /**
   * An entity was or is about to be inserted.
   *
   * @param silent whether publishing is switched off; it is remembered all the same
   */
  public void created(Object entity, boolean silent) {
    List<Publication> all = publications.of(entity.getClass());
    for (int i = 0; i < all.size() && !silent; i++) {
      Publication publication = all.get(i);
      change(
          publication,
          i,
          publication.shape().idOf(entity),
          net -> {
            Shot shot = publication.state(entity, Change.CREATE);
            return Net.created(net, shot.key(), shot.content());
          });
    }
    loaded(entity);
  }

  /** An entity was or is about to be updated. */
  public void updated(Object entity, boolean silent) {
    updated(entity, null, silent);
  }

  /**
   * An entity was or is about to be updated.
   *
   * @param changed names of the attributes that changed, null if the provider does not know
   */
  public void updated(Object entity, Set<String> changed, boolean silent) {
    List<Publication> all = publications.of(entity.getClass());
    Memory memory = all.isEmpty() ? null : memories.get(entity);
    for (int i = 0; i < all.size() && !silent; i++) {
      Publication publication = all.get(i);
      boolean matters =
          changed != null
              ? publication.watched().stream().anyMatch(each -> changed.contains(each.name()))
              : memory == null || memory.differs(i, publication, entity);
      Object before = memory == null ? null : memory.key(i);
      change(
          publication,
          i,
          publication.shape().idOf(entity),
          net -> net == null && !matters ? null : updated(net, publication, entity, before));
    }
    loaded(entity);
  }

  /** What an update that counts makes of what the transaction did before. */
  private static Net<Object, Content> updated(
      Net<Object, Content> net, Publication publication, Object entity, Object before) {
    Shot shot = publication.state(entity, Change.UPDATE);
    return Net.updated(
        net, publication.known(before, shot.key()), shot.key(), shot.content(), true);
  }

  /** An entity's state is published as it is, whether it changed or not. */
  public void published(Object entity) {
    List<Publication> all = publications.of(entity.getClass());
    for (int i = 0; i < all.size(); i++) {
      Publication publication = all.get(i);
      // Consumers of new entities only are to get it as well.
      boolean asNew = !publication.on().contains(Change.UPDATE);
      change(
          publication,
          i,
          publication.shape().idOf(entity),
          net -> {
            Shot shot = publication.state(entity, asNew ? Change.CREATE : Change.UPDATE);
            return asNew
                ? Net.created(net, shot.key(), shot.content())
                : Net.updated(net, shot.key(), shot.key(), shot.content(), true);
          });
    }
  }

  /** Whether anything says that a class is published. */
  public static boolean isPublished(Class<?> type) {
    return Publications.declaring(type).isPresent();
  }

  /** The classes that deployment has found. */
  public Set<Class<?>> deployed() {
    return publications.deployed();
  }

  /** One of them by its name. */
  public Optional<Class<?>> entity(String className) {
    return publications.deployed().stream()
        .filter(each -> each.getName().equals(className))
        .findFirst();
  }

  /**
   * Refuses an entity that is not published.
   *
   * @throws IllegalArgumentException naming it
   */
  public void requirePublished(Class<?> entity) {
    if (Publications.declaring(entity).isEmpty()) {
      throw new IllegalArgumentException(
          entity.getName() + " is not @Published, and so there is nothing to publish it as");
    }
  }

  /** The entity manager that one of an entity's publishers gives. */
  public Optional<EntityManager> entityManager(Class<?> entity) {
    return publications.of(entity).stream()
        .map(publication -> publication.custom().get().entityManager())
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** An entity is marked for removal; a provider may reset its id before {@link #deleted}. */
  public void deleting(Object entity) {
    if (memories.get(entity) == null) {
      loaded(entity);
    }
  }

  /** An entity was or is about to be deleted. */
  public void deleted(Object entity, boolean silent) {
    List<Publication> all = publications.of(entity.getClass());
    Memory memory = all.isEmpty() ? null : memories.get(entity);
    for (int i = 0; i < all.size() && !silent; i++) {
      Publication publication = all.get(i);
      Object atHand = memory == null ? null : memory.key(i);
      Object id = memory == null ? publication.shape().idOf(entity) : memory.id();
      change(
          publication,
          i,
          id,
          net -> {
            Object known = publication.known(atHand, null);
            Object key = known == null ? publication.keyOf(entity) : known;
            return Net.deleted(net, key, publication.deletion(entity));
          });
    }
    memories.remove(entity);
  }

  private void change(
      Publication publication, int index, Object id, UnaryOperator<Net<Object, Content>> merge) {
    Slot slot = new Slot(publication.shape(), index, id);
    if (outbox == null) {
      outbox = source.get();
    }
    outbox.compute(slot, pending -> pending(publication, merge.apply(net(pending))));
  }

  @SuppressWarnings("unchecked") // The note of a Slot is always the Net put there below.
  private static Net<Object, Content> net(Pending pending) {
    return pending == null ? null : (Net<Object, Content>) pending.note();
  }

  private static Pending pending(Publication publication, Net<Object, Content> net) {
    if (net == null) {
      return null;
    }
    List<EncodedMessage> messages = new ArrayList<>(2);
    for (Event<Object, Content> event : net.events(publication.on())) {
      if (event instanceof Event.Is<Object, Content> is) {
        publication.messages(is.key(), is.state(), messages);
      } else if (event instanceof Event.Gone<Object, Content> gone) {
        Content farewell = gone.farewell() == null ? Content.TOMBSTONE : gone.farewell();
        publication.messages(gone.key(), farewell, messages);
      }
    }
    return new Pending(net, messages);
  }
}
