package io.drivetrain.tests.benchmark.outbox;

/** An outbox: transactions put events into it, and it brings them to Kafka. */
interface Relay extends AutoCloseable {

  /** A transaction of the application. */
  @FunctionalInterface
  interface Work {
    /** Runs on the transaction's connection before the events are written; may be null. */
    void on(java.sql.Connection connection) throws Exception;
  }

  /** Makes its tables. */
  void prepare() throws Exception;

  /**
   * Commits a transaction with these events. Called by several threads at once.
   *
   * @param work what else it does; null for nothing
   * @param first the number of the first event
   * @param count how many events, perhaps none
   */
  void transaction(Work work, long first, int count) throws Exception;

  /** Begins to bring events to Kafka. */
  void start() throws Exception;

  /** How many events Kafka has acknowledged and the outbox is done with. */
  long done();

  /** Called when a record is acknowledged, with its value; set before {@link #start}. */
  void onAcknowledged(java.util.function.Consumer<byte[]> listener);

  @Override
  void close() throws Exception;
}
