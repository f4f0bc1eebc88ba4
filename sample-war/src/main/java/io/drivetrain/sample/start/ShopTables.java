package io.drivetrain.sample.start;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The shop's own tables, from {@code shop.sql}. The outbox's tables are not its business. */
@ApplicationScoped
public class ShopTables extends StartTask {

  @Inject
  @ConfigProperty(name = "drivetrain.outbox.data-source")
  private String dataSource;

  void start(@Observes Startup startup) {
    begin();
  }

  @Override
  protected String what() {
    return "the shop's tables";
  }

  @Override
  protected void attempt() throws SQLException, NamingException, IOException {
    DataSource shop = (DataSource) new InitialContext().lookup(dataSource);
    try (InputStream script = ShopTables.class.getResourceAsStream("/shop.sql");
        Connection connection = shop.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
