package io.drivetrain.sample.start;

import io.drivetrain.sample.customers.CustomerTopic;
import io.drivetrain.schema.settings.KafkaProperties;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.Config;

/**
 * The shop's topics. Made before any channel polls: a broker that makes topics by itself would give
 * {@code orders} one partition, and a failing customer would hold up everybody.
 */
@ApplicationScoped
public class ShopTopics extends StartTask {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final NewTopic ORDERS = new NewTopic("orders", Optional.of(6), Optional.empty());
  private static final NewTopic CUSTOMERS =
      new NewTopic("customers", Optional.of(3), Optional.empty())
          .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));

  @Inject private Config config;
  @Inject private CustomerTopic customers;

  void start(@Observes Startup startup) {
    begin();
  }

  @Override
  protected String what() {
    return "the shop's topics";
  }

  @Override
  protected void attempt() throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Object> properties = KafkaProperties.common(config);
    // This client lives for seconds; bootstrapping anew, the default, would spin while the broker
    // is away.
    properties.put("metadata.recovery.strategy", "none");
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    try (Admin admin = Admin.create(properties)) {
      create(admin, ORDERS);
      if (create(admin, CUSTOMERS)) {
        firstCustomers();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw new TimeoutException(
            "no broker answers at " + properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
      }
      throw e;
    }
  }

  private static boolean create(Admin admin, NewTopic topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      admin.createTopics(List.of(topic)).all().get(2L * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  /** One customer for each partition of {@code orders}, so that breaking one stops no other. */
  private void firstCustomers() {
    customers.put("bob", "Bob Baker", "Bergen");
    customers.put("anna", "Anna Andersen", "Aarhus");
    customers.put("carol", "Carol Conti", "Como");
    customers.put("david", "David Dubois", "Dijon");
    customers.put("elena", "Elena Esposito", "Evora");
    customers.put("gil", "Gil Garcia", "Granada");
  }
}
