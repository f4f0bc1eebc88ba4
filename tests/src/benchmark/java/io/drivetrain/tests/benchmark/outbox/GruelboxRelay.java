package io.drivetrain.tests.benchmark.outbox;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.gruelbox.transactionoutbox.TransactionOutboxEntry;
import com.gruelbox.transactionoutbox.TransactionOutboxListener;
import io.agroal.api.AgroalDataSource;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * gruelbox transaction-outbox: each event is a call of its own, run after the commit by one of
 * eight threads, which waits for Kafka. Its calls have no order.
 */
final class GruelboxRelay implements Relay {

  /** What is called. */
  public interface Sender {
    /** Sends and waits. */
    void send(String key, String value);
  }

  private final Site site;
  private final AgroalDataSource pool;
  private final TransactionManager manager;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final AtomicLong done = new AtomicLong();
  private final TransactionOutbox outbox;
  private Consumer<byte[]> acknowledged = value -> {};
  private volatile boolean started;
  private volatile boolean stopped;
  private KafkaProducer<byte[], byte[]> producer;
  private Thread flushing;

  GruelboxRelay(Site site) throws Exception {
    this.site = site;
    this.pool = Pools.pool(site);
    this.manager = TransactionManager.fromDataSource(pool);
    Submitter submitter = Submitter.withExecutor(threads);
    this.outbox =
        TransactionOutbox.builder()
            .transactionManager(manager)
            .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
            .instantiator(Instantiator.using(type -> (Sender) this::send))
            // A backlog is what was committed while nobody sent.
            .submitter(
                (entry, local) -> {
                  if (started) {
                    submitter.submit(entry, local);
                  }
                })
            .attemptFrequency(Duration.ofSeconds(1))
            .listener(
                new TransactionOutboxListener() {
                  @Override
                  public void success(TransactionOutboxEntry entry) {
                    done.incrementAndGet();
                  }
                })
            .build();
  }

  private void send(String key, String value) {
    byte[] bytes = Events.bytes(value);
    try {
      producer.send(new ProducerRecord<>(site.topic(), Events.bytes(key), bytes)).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    acknowledged.accept(bytes);
  }

  @Override
  public void prepare() {
    producer = Kafka.producer(site);
  }

  @Override
  public void transaction(Work work, long first, int count) throws Exception {
    manager.inTransactionThrows(
        transaction -> {
          if (work != null) {
            work.on(transaction.connection());
          }
          for (long number = first; number < first + count; number++) {
            outbox.schedule(Sender.class).send(Events.key(number), Events.value(number));
          }
        });
  }

  @Override
  public void start() {
    started = true;
    flushing =
        new Thread(
            () -> {
              while (!stopped) {
                try {
                  if (!outbox.flush()) {
                    TimeUnit.MILLISECONDS.sleep(100);
                  }
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "flush");
    flushing.setDaemon(true);
    flushing.start();
  }

  @Override
  public long done() {
    return done.get();
  }

  @Override
  public void onAcknowledged(Consumer<byte[]> listener) {
    acknowledged = listener;
  }

  @Override
  public void close() throws Exception {
    stopped = true;
    if (flushing != null) {
      flushing.interrupt();
      flushing.join(5_000);
    }
    threads.shutdownNow();
    threads.awaitTermination(5, TimeUnit.SECONDS);
    producer.close(Duration.ofSeconds(2));
    pool.close();
  }
}
