package io.drivetrain.tests.benchmark.outbox;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's embedded engine with its outbox event router over pgoutput. What it gives is sent by
 * one thread, which waits for each of its batches. Rows are left where they are.
 */
final class DebeziumRelay implements Relay {
  private final Site site;
  private final PlainTransactions transactions;
  private final AtomicLong done = new AtomicLong();
  private final Path offsets;
  private Consumer<byte[]> acknowledged = value -> {};
  private KafkaProducer<byte[], byte[]> producer;
  private DebeziumEngine<?> engine;
  private ExecutorService thread;

  DebeziumRelay(Site site) throws Exception {
    this.site = site;
    this.offsets = Files.createTempFile("debezium", ".offsets");
    this.transactions =
        new PlainTransactions(
            site,
            "insert into outboxevent (id, aggregatetype, aggregateid, type, payload) values"
                + " (gen_random_uuid(), ?, ?, 'event', ?)",
            (statement, key, value) -> {
              statement.setString(1, site.topic());
              statement.setString(2, key);
              statement.setBytes(3, Events.bytes(value));
            });
  }

  @Override
  public void prepare() throws Exception {
    producer = Kafka.producer(site);
    site.execute(
        "create table outboxevent (id uuid primary key, aggregatetype varchar(255) not null,"
            + " aggregateid varchar(255) not null, type varchar(255) not null, payload bytea)");
    // The slot must be there before the first event is written.
    run();
    stop();
  }

  @Override
  public void transaction(Work work, long first, int count) throws Exception {
    transactions.run(work, first, count);
  }

  @Override
  public void start() throws Exception {
    run();
  }

  private void run() throws Exception {
    Properties settings = new Properties();
    String[] url = site.url().substring("jdbc:postgresql://".length()).split("[:/]");
    settings.putAll(
        java.util.Map.ofEntries(
            java.util.Map.entry("name", "benchmark"),
            java.util.Map.entry(
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
            java.util.Map.entry(
                "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore"),
            java.util.Map.entry("offset.storage.file.filename", offsets.toString()),
            java.util.Map.entry("offset.flush.interval.ms", "1000"),
            java.util.Map.entry("database.hostname", url[0]),
            java.util.Map.entry("database.port", url[1]),
            java.util.Map.entry("database.dbname", url[2]),
            java.util.Map.entry("database.user", site.user()),
            java.util.Map.entry("database.password", site.password()),
            java.util.Map.entry("topic.prefix", "benchmark"),
            java.util.Map.entry("plugin.name", "pgoutput"),
            java.util.Map.entry("slot.name", url[2] + "_slot"),
            java.util.Map.entry("publication.name", url[2] + "_publication"),
            java.util.Map.entry("publication.autocreate.mode", "filtered"),
            java.util.Map.entry("table.include.list", "public.outboxevent"),
            java.util.Map.entry("snapshot.mode", "no_data"),
            java.util.Map.entry("tombstones.on.delete", "false"),
            java.util.Map.entry("transforms", "outbox"),
            java.util.Map.entry(
                "transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter"),
            java.util.Map.entry("transforms.outbox.route.topic.replacement", "${routedByValue}"),
            java.util.Map.entry("poll.interval.ms", "5")));
    CountDownLatch streaming = new CountDownLatch(1);
    engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(settings)
            .using(
                new DebeziumEngine.ConnectorCallback() {
                  @Override
                  public void pollingStarted() {
                    streaming.countDown();
                  }
                })
            .using(
                (success, message, error) -> {
                  if (!success) {
                    System.err.println(message + " " + error);
                  }
                })
            .notifying(this::send)
            .build();
    thread = Executors.newSingleThreadExecutor();
    thread.execute(engine);
    if (!streaming.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the engine did not start");
    }
    // Polling begins before the slot is there.
    awaitSlot(url[2] + "_slot");
  }

  private void awaitSlot(String slot) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      try (var connection = site.dataSource().getConnection();
          var statement = connection.createStatement();
          var result =
              statement.executeQuery(
                  "select 1 from pg_replication_slots where active and slot_name = '"
                      + slot
                      + "'")) {
        if (result.next()) {
          return;
        }
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("no replication slot");
  }

  private void send(
      List<RecordChangeEvent<SourceRecord>> events,
      DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    List<Future<RecordMetadata>> answers = new ArrayList<>(events.size());
    for (RecordChangeEvent<SourceRecord> event : events) {
      SourceRecord record = event.record();
      if (!record.topic().equals(site.topic())) {
        continue;
      }
      byte[] value = ((ByteBuffer) record.value()).array();
      answers.add(
          producer.send(
              new ProducerRecord<>(
                  record.topic(), Events.bytes(String.valueOf(record.key())), value),
              (metadata, failure) -> {
                if (failure == null) {
                  acknowledged.accept(value);
                }
              }));
    }
    try {
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
    for (RecordChangeEvent<SourceRecord> event : events) {
      committer.markProcessed(event);
    }
    committer.markBatchFinished();
    done.addAndGet(answers.size());
  }

  private void stop() throws Exception {
    if (engine == null) {
      return;
    }
    engine.close();
    thread.shutdown();
    thread.awaitTermination(30, TimeUnit.SECONDS);
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
    stop();
    producer.close();
    transactions.close();
    site.execute(
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    Files.deleteIfExists(offsets);
  }
}
