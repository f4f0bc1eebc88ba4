package io.drivetrain.testkitapp.internal.container;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** A pool whose connections take part in transactions, and one for what must not. */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 10;

  private final AgroalDataSource joining;
  private final AgroalDataSource apart;

  /** Over a database; the first connection is made when it is needed. */
  public Database(String url, String user, String password) {
    this.joining = pool(url, user, password, true);
    this.apart = pool(url, user, password, false);
  }

  private static AgroalDataSource pool(String url, String user, String password, boolean joining) {
    AgroalDataSourceConfigurationSupplier settings =
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool -> {
                  pool.maxSize(CONNECTIONS)
                      .acquisitionTimeout(Duration.ofSeconds(10))
                      .connectionFactoryConfiguration(
                          factory ->
                              factory
                                  .jdbcUrl(url)
                                  .principal(new NamePrincipal(user))
                                  .credential(new SimplePassword(password)));
                  if (joining) {
                    pool.transactionIntegration(
                        new NarayanaTransactionIntegration(
                            Transactions.manager(), Transactions.registry()));
                  }
                  return pool;
                });
    try {
      return AgroalDataSource.from(settings);
    } catch (SQLException e) {
      throw new IllegalStateException("no pool for " + url, e);
    }
  }

  /** The JTA data source. */
  public DataSource joining() {
    return joining;
  }

  /** Without JTA. */
  public DataSource apart() {
    return apart;
  }

  @Override
  public void close() {
    joining.close();
    apart.close();
  }
}
