package io.drivetrain.sample.billing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The customers whose billing fails. Kept in memory: a restart heals everybody. Read by the billing
 * channel's thread, changed by requests; guarded by the concurrent set.
 */
@ApplicationScoped
public class BrokenCustomers {
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** From now on billing fails for this customer. */
  public void add(String customer) {
    names.add(customer);
  }

  /** Billing works again for this customer. */
  public void remove(String customer) {
    names.remove(customer);
  }

  /** Whether billing fails for this customer. */
  public boolean contains(String customer) {
    return names.contains(customer);
  }

  /** All of them, sorted. */
  public Set<String> all() {
    return new TreeSet<>(names);
  }
}
