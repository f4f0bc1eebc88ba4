package io.drivetrain.tests.benchmark.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A loop as Deimos' outbox has it, without its sleep of 0.5 s: the lock of the topic renewed, a
 * thousand rows read, sent and awaited, deleted by ten. With one row at a time it is what one
 * writes first.
 */
final class LoopRelay implements Relay {
  private final Site site;
  private final int batch;
  private final int deletedAtOnce;
  private final AtomicLong done = new AtomicLong();
  private final PlainTransactions transactions;
  private Consumer<byte[]> acknowledged = value -> {};
  private volatile boolean stopped;
  private Thread thread;

  LoopRelay(Site site, int batch, int deletedAtOnce) {
    this.site = site;
    this.batch = batch;
    this.deletedAtOnce = deletedAtOnce;
    this.transactions =
        new PlainTransactions(
            site,
            "insert into kafka_messages (topic, key, partition_key, message, created_at,"
                + " updated_at) values (?, ?, ?, ?, now(), now())",
            (statement, key, value) -> {
              statement.setString(1, site.topic());
              statement.setBytes(2, Events.bytes(key));
              statement.setString(3, key);
              statement.setBytes(4, Events.bytes(value));
            });
  }

  @Override
  public void prepare() throws Exception {
    site.execute(
        "create table kafka_messages (id bigserial primary key, topic varchar not null, key bytea,"
            + " partition_key varchar, message bytea, created_at timestamp not null,"
            + " updated_at timestamp not null)",
        "create index on kafka_messages (topic, id)",
        "create table kafka_topic_info (topic varchar primary key, locked_by varchar,"
            + " locked_at timestamp)",
        "insert into kafka_topic_info values ('" + site.topic() + "', 'us', now())");
  }

  @Override
  public void transaction(Work work, long first, int count) throws Exception {
    transactions.run(work, first, count);
  }

  @Override
  public void start() {
    thread = new Thread(this::run, "loop");
    thread.start();
  }

  private void run() {
    try (Connection connection = site.dataSource().getConnection();
        KafkaProducer<byte[], byte[]> producer = Kafka.producer(site)) {
      while (!stopped) {
        heartbeat(connection);
        List<Long> sent = send(connection, producer);
        for (int from = 0; from < sent.size(); from += deletedAtOnce) {
          List<Long> some = sent.subList(from, Math.min(from + deletedAtOnce, sent.size()));
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "delete from kafka_messages where id in ("
                    + some.stream().map(String::valueOf).collect(Collectors.joining(","))
                    + ")");
          }
          done.addAndGet(some.size());
        }
        if (sent.isEmpty()) {
          Thread.sleep(1);
        }
      }
    } catch (Exception e) {
      e.printStackTrace();
    }
  }

  private void heartbeat(Connection connection) throws Exception {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update kafka_topic_info set locked_at = now() where topic = ?")) {
      statement.setString(1, site.topic());
      statement.executeUpdate();
    }
  }

  private List<Long> send(Connection connection, KafkaProducer<byte[], byte[]> producer)
      throws Exception {
    List<Long> ids = new ArrayList<>();
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select id, key, message from kafka_messages where topic = ? order by id limit ?")) {
      statement.setString(1, site.topic());
      statement.setInt(2, batch);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
          byte[] value = rows.getBytes(3);
          answers.add(
              producer.send(
                  new ProducerRecord<>(site.topic(), rows.getBytes(2), value),
                  (metadata, failure) -> {
                    if (failure == null) {
                      acknowledged.accept(value);
                    }
                  }));
        }
      }
    }
    for (Future<RecordMetadata> answer : answers) {
      answer.get();
    }
    return ids;
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
    if (thread != null) {
      thread.join(10_000);
    }
    transactions.close();
  }
}
