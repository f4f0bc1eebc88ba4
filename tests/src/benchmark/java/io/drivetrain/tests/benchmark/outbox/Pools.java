package io.drivetrain.tests.benchmark.outbox;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.api.transaction.TransactionIntegration;
import java.sql.SQLException;

/** The pool that all contenders have. */
final class Pools {
  private Pools() {}

  static AgroalDataSource pool(Site site, TransactionIntegration transactions) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(40)
                        .transactionIntegration(transactions)
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(site.url())
                                    .principal(new NamePrincipal(site.user()))
                                    .credential(new SimplePassword(site.password())))));
  }

  static AgroalDataSource pool(Site site) throws SQLException {
    return pool(site, TransactionIntegration.none());
  }
}
