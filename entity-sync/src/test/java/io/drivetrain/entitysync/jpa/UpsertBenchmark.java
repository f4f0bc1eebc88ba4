package io.drivetrain.entitysync.jpa;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.shop.Customer;
import io.drivetrain.schema.Codecs;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * Compares ways to bring JSON records into a table: each decodes the same records of about 300
 * bytes, 90 % of which update one of 200 000 rows. No test of verify; docs/benchmarks.md has the
 * command.
 */
@UsePostgres
class UpsertBenchmark {
  private static final int ROWS = 200_000;
  private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);
  private static final int RECORDS = Integer.getInteger("benchmark.records", 100_000);
  private static final int LOOP_RECORDS = Integer.getInteger("benchmark.loop-records", 5_000);
  private static final Provider PROVIDER =
      Provider.valueOf(System.getProperty("benchmark.provider", "HIBERNATE_WITH_BATCHING"));
  private static final String FILLER = "x".repeat(150);

  private interface Contender {
    void apply(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception;
  }

  private final Random random = new Random(1);
  private Shop shop;
  private long next = ROWS;

  @Test
  void compare(Postgres postgres) throws Exception {
    assumeFalse(Boolean.getBoolean("woven"), "once is enough");
    shop = new Shop(PROVIDER, postgres);
    postgres.execute(
        shop.database,
        "insert into customer (id, name, city, visits, balance, seen) select i, 'name ' || i,"
            + " 'city', i, i, now() from generate_series(0, "
            + (ROWS - 1)
            + ") i");
    postgres.execute(shop.database, "vacuum analyze customer");
    StringBuilder table = new StringBuilder("\n");
    for (int size : new int[] {500, 5000}) {
      table.append("| batches of ").append(size).append(" | upserts/s min | median | max |\n");
      table.append("|---|---:|---:|---:|\n");
      row(table, "entity consumer, set-based", size, RECORDS, consumer(WriteMode.SET_BASED));
      row(table, "hand-written JDBC arrays", size, RECORDS, this::byHand);
      row(table, "entity consumer, provider's merge", size, RECORDS / 4, consumer(WriteMode.MERGE));
      if (size == 500) {
        row(table, "JPA, a transaction per record", 1, LOOP_RECORDS, this::loop);
      }
    }
    System.out.println(table);
    shop.close();
  }

  private void row(StringBuilder table, String name, int batch, int records, Contender contender)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int round = -1; round < ROUNDS; round++) {
      List<ConsumerRecord<byte[], byte[]>> all = records(records);
      long begin = System.nanoTime();
      for (int i = 0; i < all.size(); i += batch) {
        contender.apply(all.subList(i, Math.min(all.size(), i + batch)));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (round >= 0) {
        rates.add(records / seconds);
      }
    }
    Collections.sort(rates);
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f | %,.0f | %,.0f |%n",
            name,
            rates.get(0),
            rates.get(rates.size() / 2),
            rates.get(rates.size() - 1)));
  }

  private List<ConsumerRecord<byte[], byte[]>> records(int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long id = random.nextInt(10) == 0 ? next++ : random.nextInt(ROWS);
      String value =
          "{\"name\":\"name "
              + random.nextInt(1_000_000)
              + FILLER
              + "\",\"city\":\"city "
              + random.nextInt(1000)
              + "\",\"visits\":"
              + random.nextInt()
              + ",\"balance\":"
              + random.nextInt(100_000) / 100.0
              + ",\"seen\":\"2026-11-28T10:15:30.123Z\"}";
      records.add(new ConsumerRecord<>("customers", 0, i, bytes(Long.toString(id)), bytes(value)));
    }
    return records;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Contender consumer(WriteMode mode) {
    EntityConsumer<Customer> consumer =
        new EntityConsumer<>() {
          @Override
          protected EntityManager entityManager() {
            return shop.entities();
          }

          @Override
          protected UserTransaction userTransaction() {
            return Narayana.user();
          }

          @Override
          protected WriteMode writeMode() {
            return mode;
          }
        };
    return batch -> consumer.consume(new EntityBatch("customers", batch));
  }

  private static Customer decoded(ConsumerRecord<byte[], byte[]> record) {
    Customer customer =
        (Customer) Codecs.json().decode(record.topic(), record.value(), Customer.class);
    customer.id = Long.valueOf(new String(record.key(), StandardCharsets.UTF_8));
    return customer;
  }

  /** As one would write it for this table alone: last of each key, sorted, arrays by the driver. */
  private void byHand(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception {
    java.util.TreeMap<Long, Customer> last = new java.util.TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      Customer customer = decoded(record);
      last.put(customer.id, customer);
    }
    List<Customer> rows = List.copyOf(last.values());
    Narayana.user().begin();
    try (Connection connection = shop.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "insert into customer (id, name, city, visits, balance, seen) select * from"
                    + " unnest(?::bigint[], ?::text[], ?::text[], ?::int[], ?::numeric[],"
                    + " ?::timestamptz[]) on conflict (id) do update set name = excluded.name,"
                    + " city = excluded.city, visits = excluded.visits, balance ="
                    + " excluded.balance, seen = excluded.seen")) {
      Object[][] columns = new Object[6][rows.size()];
      for (int i = 0; i < rows.size(); i++) {
        Customer row = rows.get(i);
        columns[0][i] = row.id;
        columns[1][i] = row.name;
        columns[2][i] = row.city;
        columns[3][i] = row.visits;
        columns[4][i] = row.balance;
        columns[5][i] = Timestamp.from(row.seen);
      }
      String[] types = {"bigint", "text", "text", "integer", "numeric", "timestamptz"};
      for (int i = 0; i < types.length; i++) {
        Object[] values =
            types[i].equals("bigint")
                ? Arrays.copyOf(columns[i], rows.size(), Long[].class)
                : columns[i];
        statement.setArray(i + 1, connection.createArrayOf(types[i], values));
      }
      statement.executeUpdate();
    }
    Narayana.user().commit();
  }

  private void loop(List<ConsumerRecord<byte[], byte[]>> batch) throws Exception {
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      Customer customer = decoded(record);
      shop.inTransaction(entities -> entities.merge(customer));
    }
  }
}
