package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Brings one batch into the table, on the delivering thread: in transactions of its own, or in the
 * caller's.
 */
public final class BatchApplication<E> {
  private final ConsumerState<E> state;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final Hooks<E> hooks;
  private final Changes changes;
  private final JtaTransaction transaction;
  private final Supplier<EntityManager> entityManager;
  private final Position position;

  /**
   * For one batch.
   *
   * @param entityManager gives that of the running transaction
   * @param position how far the partition is in the database
   */
  public BatchApplication(
      ConsumerState<E> state,
      List<ConsumerRecord<byte[], byte[]>> records,
      JtaTransaction transaction,
      Supplier<EntityManager> entityManager,
      Position position) {
    this.state = state;
    this.records = records;
    this.hooks = state.hooks();
    this.transaction = transaction;
    this.entityManager = entityManager;
    this.position = position;
    this.changes =
        new Changes(
            state.entity(),
            records,
            hooks,
            TopicFormat.of(Settings.of(ConfigProvider.getConfig()), records.get(0).topic()));
  }

  /**
   * Applies the batch in the caller's transaction.
   *
   * @throws io.drivetrain.entitysync.EntityRecordException for a record that cannot be applied, if
   *     that can be told
   * @throws SystemicFailure if no record is to blame
   */
  public void join() {
    try {
      int from = position.next(records, 0);
      write(state.merging(), entities(), from, records.size());
      advance(from, records.size());
    } catch (RecordFailure failure) {
      throw changes.describe(failure.index(), failure);
    } catch (RuntimeException failure) {
      throw told(failure);
    }
  }

  /**
   * Applies the batch in transactions of its own.
   *
   * @throws BatchFailure at the first record that cannot be applied; those before it are
   * @throws SystemicFailure if no record is to blame
   */
  public void apply() {
    try {
      if (!state.hasChosen()) {
        transaction.run(() -> state.choose(entities()));
      }
      isolate();
      state.verdicts().sound(records);
    } catch (BatchFailure failure) {
      if (failure.index() > 0) {
        state.verdicts().sound(records);
      } else if (isSystemic()) {
        throw new SystemicFailure(
            "none of these "
                + records.size()
                + " records can be applied, so the fault is not theirs; the first: "
                + failure.getCause().getMessage(),
            failure.getCause());
      }
      throw failure;
    } catch (RuntimeException failure) {
      throw told(failure);
    }
  }

  /** A strategy must not give records up for what is not their fault. */
  private static RuntimeException told(RuntimeException failure) {
    boolean systemic = Failures.isTransient(failure) || failure instanceof MappingException;
    return systemic && !(failure instanceof SystemicFailure)
        ? new SystemicFailure(Failures.rootMessage(failure), failure)
        : failure;
  }

  private void isolate() {
    if (state.writer() instanceof SetWriter<E> writer) {
      try {
        inOneTransaction(writer);
        return;
      } catch (CommitFailure failure) {
        if (Failures.isTransient(failure)) {
          throw failure;
        }
        // A constraint that is checked at the commit: only commits of smaller ranges tell whose.
      } catch (NotPlainException e) {
        // Rolled back; from now on the provider writes.
      }
    }
    Isolation.apply(records.size(), this::inTransaction, changes::describe);
  }

  /** What precedes a bad record stays by savepoints, and all of it commits at once. */
  private void inOneTransaction(SetWriter<E> writer) {
    BatchFailure[] bad = new BatchFailure[1];
    EntityManagerFactory[] unit = new EntityManagerFactory[1];
    List<Change> written = new ArrayList<>();
    Savepoints savepoints = new Savepoints(writer.dataSource());
    transaction.run(
        () -> {
          EntityManager entities = entities();
          unit[0] = entities.getEntityManagerFactory();
          int from = position.next(records, 0);
          Isolation.Range range =
              (begin, end) ->
                  savepoints.within(
                      () -> written.addAll(write(writer, entities, from + begin, from + end)));
          int done = records.size();
          try {
            Isolation.apply(records.size() - from, range, (i, e) -> changes.describe(from + i, e));
          } catch (BatchFailure failure) {
            bad[0] = BatchFailure.at(from + failure.index(), failure.getCause());
            done = bad[0].index();
          }
          state.compare(entities, writer.table(), written);
          advance(from, done);
        });
    writer.committed(unit[0], written);
    if (bad[0] != null) {
      throw bad[0];
    }
  }

  private void inTransaction(int from, int to) {
    transaction.run(
        () -> {
          int begin = Math.min(to, position.next(records, from));
          write(state.writer(), entities(), begin, to);
          advance(begin, to);
        });
  }

  private void advance(int from, int to) {
    if (from < to) {
      position.advance(records.get(to - 1).offset() + 1);
    }
  }

  private List<Change> write(EntityWriter<E> writer, EntityManager entities, int from, int to) {
    List<Change> written = new ArrayList<>();
    Runnable write =
        () -> {
          for (List<Change> portion : changes.portions(from, to)) {
            writer.write(entities, portion);
            written.addAll(portion);
          }
        };
    if (hooks.republishes()) {
      write.run();
    } else {
      EntityEvents.off(write);
    }
    return written;
  }

  private EntityManager entities() {
    EntityManager entities = entityManager.get();
    if (!entities.isJoinedToTransaction()) {
      entities.joinTransaction();
    }
    return entities;
  }

  /**
   * Whether each record fails, or failed until now, and they did not come with others that were
   * applied.
   */
  private boolean isSystemic() {
    if (records.size() == 1 || state.verdicts().areOfSound(records)) {
      return false;
    }
    boolean others = false;
    for (int i = 1; i < records.size(); i++) {
      Optional<Boolean> applies = applies(i);
      if (applies.equals(Optional.of(true))) {
        // What was wrong with all of them may have been mended meanwhile.
        boolean mended = applies(0).orElse(false);
        if (!mended) {
          state.verdicts().sound(records);
        }
        return mended;
      }
      others |= applies.isPresent();
    }
    return others;
  }

  /** Whether a record can be applied by itself, which is undone; empty if it says nothing. */
  private Optional<Boolean> applies(int index) {
    List<Change> written = new ArrayList<>();
    try {
      transaction.runAndUndo(
          () -> written.addAll(write(state.writer(), entities(), index, index + 1)));
    } catch (RuntimeException failure) {
      if (Failures.isTransient(failure)) {
        throw told(failure);
      }
      return Optional.of(false);
    }
    return written.isEmpty() ? Optional.empty() : Optional.of(true);
  }
}
