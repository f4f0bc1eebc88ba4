package io.drivetrain.outbox.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Reads begin behind the id that was last drawn: one that is still to be drawn would be missed. */
@UsePostgres
class LastDrawnTest {
  private static final int LOOKS = 5_000;
  private static final String DRAW = "select nextval('drivetrain.outbox_id_seq')";

  private final Postgres postgres;

  LastDrawnTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void what_counts_as_drawn_is_never_drawn_later() throws Exception {
    String database = postgres.createDatabase();
    DataSource source = postgres.dataSource(database);
    new Migrations(source, "drivetrain").migrate();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService writers = Executors.newCachedThreadPool();
    try {
      List<Future<?>> drawing = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        drawing.add(writers.submit(() -> draw(source, done)));
      }
      look(source);
      done.set(true);
      for (Future<?> each : drawing) {
        each.get(30, TimeUnit.SECONDS);
      }
    } finally {
      done.set(true);
      writers.shutdown();
    }
  }

  private static Void draw(DataSource source, AtomicBoolean done) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement draw =
            connection.prepareStatement(DRAW + " from generate_series(1, 50)")) {
      while (!done.get()) {
        draw.executeQuery().close();
      }
    }
    return null;
  }

  private static void look(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement look = connection.prepareStatement(OutboxTable.lastDrawn("drivetrain"));
        PreparedStatement draw = connection.prepareStatement(DRAW)) {
      number(draw);
      for (int i = 0; i < LOOKS; i++) {
        long last = number(look);
        assertThat(number(draw)).as("look %d", i).isGreaterThan(last);
      }
    }
  }

  private static long number(PreparedStatement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }
}
