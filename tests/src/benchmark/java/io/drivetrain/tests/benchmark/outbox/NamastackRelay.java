package io.drivetrain.tests.benchmark.outbox;

import io.agroal.api.AgroalDataSource;
import io.namastack.outbox.Outbox;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * namastack-outbox in an application of Spring Boot: in order per key, a handler that sends and
 * waits, on eight threads. It polls every 10 ms for up to 1000 keys and deletes what is done.
 */
final class NamastackRelay implements Relay {

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableScheduling
  static class App {}

  private final Site site;
  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicLong done = new AtomicLong();
  private Consumer<byte[]> acknowledged = value -> {};
  private KafkaProducer<byte[], byte[]> producer;
  private ConfigurableApplicationContext context;
  private TransactionTemplate transactions;
  private AgroalDataSource pool;
  private Outbox outbox;

  NamastackRelay(Site site) {
    this.site = site;
  }

  private final class Sender implements OutboxTypedHandler<String> {
    @Override
    public void handle(String value, OutboxRecordMetadata metadata) {
      byte[] bytes = Events.bytes(value);
      try {
        // A backlog is what was committed while nobody sent.
        started.await();
        producer
            .send(new ProducerRecord<>(site.topic(), Events.bytes(metadata.getKey()), bytes))
            .get();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      acknowledged.accept(bytes);
      done.incrementAndGet();
    }
  }

  @Override
  public void prepare() throws Exception {
    pool = Pools.pool(site);
    producer = Kafka.producer(site);
    context =
        new SpringApplicationBuilder(App.class)
            .web(WebApplicationType.NONE)
            .logStartupInfo(false)
            .initializers(
                fresh -> {
                  GenericApplicationContext beans = (GenericApplicationContext) fresh;
                  beans.registerBean(Sender.class, Sender::new);
                  beans.registerBean(DataSource.class, () -> pool);
                })
            .properties(
                Map.ofEntries(
                    Map.entry("spring.main.banner-mode", "off"),
                    Map.entry("namastack.outbox.jdbc.schema-initialization.enabled", true),
                    Map.entry("namastack.outbox.polling.batch-size", 1_000),
                    Map.entry("namastack.outbox.polling.trigger", "fixed"),
                    Map.entry("namastack.outbox.polling.fixed.interval", "10ms"),
                    Map.entry("namastack.outbox.processing.delete-completed-records", true),
                    Map.entry("namastack.outbox.processing.executor-core-pool-size", 8),
                    Map.entry("namastack.outbox.processing.executor-max-pool-size", 8)))
            .run();
    outbox = context.getBean(Outbox.class);
    transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  @Override
  public void transaction(Work work, long first, int count) {
    transactions.executeWithoutResult(
        status -> {
          try {
            if (work != null) {
              work.on(DataSourceUtils.getConnection(pool));
            }
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          for (long number = first; number < first + count; number++) {
            outbox.schedule(Events.value(number), Events.key(number));
          }
        });
  }

  @Override
  public void start() {
    started.countDown();
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
  public void close() {
    context.close();
    producer.close(Duration.ofSeconds(2));
    pool.close();
  }
}
