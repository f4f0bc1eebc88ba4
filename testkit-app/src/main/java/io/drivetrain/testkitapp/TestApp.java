package io.drivetrain.testkitapp;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkitapp.internal.Capture;
import io.drivetrain.testkitapp.internal.Fates;
import io.drivetrain.testkitapp.internal.MovedClock;
import io.drivetrain.testkitapp.internal.container.Container;
import io.drivetrain.testkitapp.internal.container.Transactions;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * An application in a test: the beans it names, in CDI, with JTA, JPA and reactive messaging as a
 * server has them, and the application's own {@code microprofile-config.properties}. Kafka is in
 * memory: channels, senders and dead letters work as ever, and what transactions publish is in its
 * topic when they have committed, without tables. Time stands still until it is moved.
 *
 * <pre>{@code
 * try (TestApp app = TestApp.of(Billing.class).start()) {
 *   app.channel("orders").send("anna", new Order("gear")).awaitProcessed();
 *   app.sent("invoices").containing("anna", new Invoice("gear"));
 * }
 * }</pre>
 *
 * <p>With a real broker and database instead: {@link TestAppBuilder#kafka} and {@link
 * TestAppBuilder#database}. One test thread starts and closes it, one application at a time.
 */
public final class TestApp implements AutoCloseable {
  private final Container container;
  private final MemoryKafka kafka;
  private final MovedClock clock;
  private final Capture capture;
  private final Fates fates;

  TestApp(Container container, MemoryKafka kafka, MovedClock clock, Capture capture, Fates fates) {
    this.container = container;
    this.kafka = kafka;
    this.clock = clock;
    this.capture = capture;
    this.fates = fates;
  }

  /** Starts to describe an application by its bean classes. */
  public static TestAppBuilder of(Class<?>... beans) {
    return new TestAppBuilder().beans(beans);
  }

  /** A bean of the application. */
  public <T> T get(Class<T> type, Annotation... qualifiers) {
    return container.beans().select(type, qualifiers).get();
  }

  /** Kafka in memory. */
  public MemoryKafka kafka() {
    if (kafka == null) {
      throw new IllegalStateException("this application uses a real broker: ask that one");
    }
    return kafka;
  }

  /** A topic of Kafka in memory, as another application would use it. */
  public TestTopic topic(String name) {
    return kafka().topic(name);
  }

  /** What this application sent to a topic of Kafka in memory. */
  public SentRecords sent(String topic) {
    return kafka().sent(topic);
  }

  /**
   * An incoming channel on Kafka in memory.
   *
   * @throws IllegalArgumentException if the application reads no such channel
   */
  public TestChannel channel(String name) {
    Channels channels = get(Channels.class);
    channels.state(name);
    String prefix = "mp.messaging.incoming." + name + ".";
    String topic =
        container
            .setting(prefix + "topic")
            .or(() -> container.setting(prefix + "topics").map(all -> all.split(",")[0].trim()))
            .orElse(name);
    return new TestChannel(name, topic, kafka().broker(), fates, channels);
  }

  /** Moves the time of pauses and of events for later; only with Kafka in memory. */
  public void advance(Duration duration) {
    kafka();
    clock.advance(duration);
    capture.look();
  }

  /** The entity manager of the application's only persistence unit; with a database. */
  public EntityManager entityManager() {
    return container.entityManager();
  }

  /** Commits what the work does, or rolls it back and throws. */
  public <T> T inTransaction(Callable<T> work) throws Exception {
    UserTransaction transaction = Transactions.user();
    transaction.begin();
    T result;
    try {
      result = work.call();
    } catch (Exception | Error e) {
      transaction.rollback();
      throw e;
    }
    transaction.commit();
    return result;
  }

  /** Stops the application as a server would. */
  @Override
  public void close() {
    try {
      container.close();
    } finally {
      if (kafka != null) {
        kafka.close();
      }
    }
  }
}
