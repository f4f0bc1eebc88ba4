package io.drivetrain.entitysync.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@UsePostgres
class ArrayLiteralTest {

  @Test
  void the_server_reads_what_was_written(Postgres postgres) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String characters = "ab\"\\{},' \n\tNULLé";
    List<String> texts = new ArrayList<>(Arrays.asList("", "NULL", "\\", "\"", "\\\"", null, "{}"));
    for (int i = 0; i < 1_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(9); length > 0; length--) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      texts.add(text.toString());
    }
    ArrayLiteral literal = new ArrayLiteral();
    for (String text : texts) {
      if (text == null) {
        literal.missing();
      } else {
        literal.text(text);
      }
    }

    List<String> read = new ArrayList<>();
    try (Connection connection = postgres.dataSource(postgres.createDatabase()).getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select t from unnest(?::text[]) with ordinality as u(t, n) order by n")) {
      statement.setString(1, literal.end());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          read.add(result.getString(1));
        }
      }
    }

    assertThat(read).as("seed %d", seed).isEqualTo(texts);
  }
}
