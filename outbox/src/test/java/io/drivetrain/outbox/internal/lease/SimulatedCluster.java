package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.store.LeaseTable.Grant;
import io.drivetrain.outbox.internal.store.LeaseTable.Member;
import io.drivetrain.outbox.internal.store.LeaseTable.Standing;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Nodes and one database under a single true time. A request is sent, carried out and heard in
 * steps of any length, each of which may be the last; a node may stand still in between, crash,
 * leave or join. Each node's clock has an origin of its own and runs a little fast or slow. The
 * database does what {@code LeaseTable} makes PostgreSQL do; nodes do what {@code LeaseKeeper}
 * does.
 */
final class SimulatedCluster {
  static final long SECOND = 1_000_000_000L;
  private static final LeaseSettings TIMES =
      new LeaseSettings("", 1, Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final Random random;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Row> rows = new TreeMap<>();
  private final Map<String, Seen> seen = new TreeMap<>();
  private int names;
  private long now;

  /** Whether requests get lost and nodes freeze, crash, leave and join. */
  private boolean calm;

  /** A row of outbox_shard. */
  private static final class Row {
    private int shards;
    private String owner = "";
    private long epoch;
    private long until = Long.MIN_VALUE;

    Row(int shards) {
      this.shards = shards;
    }
  }

  /** A row of outbox_node. */
  private record Seen(long at, int asks) {}

  SimulatedCluster(long seed) {
    random = new Random(seed);
    rows.put(0, new Row(1));
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      join(1 + random.nextInt(9));
    }
  }

  /** One node does one thing, some time after the last. */
  void step() {
    // A node that is not disturbed takes about a second for a round of looking and asking.
    double longest = (calm || random.nextInt(20) > 0 ? 0.3 : 10.0) / nodes.size();
    now += (long) (random.nextDouble() * random.nextDouble() * longest * SECOND);
    if (!calm && random.nextInt(150) == 0) {
      upheaval();
    }
    Node node = nodes.get(random.nextInt(nodes.size()));
    if (now >= node.frozenUntil) {
      if (!calm && random.nextInt(60) == 0) {
        node.frozenUntil = now + random.nextInt(25) * SECOND;
      } else {
        node.step();
      }
    }
  }

  /** From now on all goes well, and all nodes ask for the same number of shards. */
  int calmDown() {
    calm = true;
    int asks = 1 + random.nextInt(9);
    for (Node node : nodes) {
      node.frozenUntil = 0;
      node.asks = asks;
    }
    return asks;
  }

  private void upheaval() {
    Node node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(4)) {
      case 0 -> join(random.nextBoolean() ? node.asks : 1 + random.nextInt(9));
      case 1 -> node.leaving = true;
      case 2 -> nodes.remove(node);
      default -> node.asks = 1 + random.nextInt(9);
    }
    if (nodes.isEmpty()) {
      join(1);
    }
  }

  private void join(int asks) {
    nodes.add(new Node("n" + random.nextInt(100) + "-" + names++, asks));
  }

  /** What nodes believe to own at this moment. */
  List<String> owners() {
    List<String> owners = new ArrayList<>();
    owned((node, lease) -> owners.add(node.name + ": " + lease));
    return owners;
  }

  /** Buckets that more than one node believes to own at this moment, a bit for each. */
  long ownedTwice() {
    long[] once = new long[2];
    owned(
        (node, lease) -> {
          once[1] |= once[0] & lease.range().buckets();
          once[0] |= lease.range().buckets();
        });
    return once[1];
  }

  /** Buckets that some node believes to own at this moment, a bit for each. */
  long owned() {
    long[] once = new long[1];
    owned((node, lease) -> once[0] |= lease.range().buckets());
    return once[0];
  }

  private void owned(BiConsumer<Node, Lease> visitor) {
    for (Node node : nodes) {
      for (Lease lease : node.drains.values()) {
        if (lease.heldAt(node.clock())) {
          visitor.accept(node, lease);
        }
      }
    }
  }

  /** How many shards each node drains. */
  List<Integer> shares() {
    return nodes.stream().map(node -> node.drains.size()).toList();
  }

  /** The number of shards in effect. */
  int shards() {
    return rows.get(0).shards;
  }

  /** The true time. */
  long now() {
    return now;
  }

  /** A node that looks, decides, asks for one thing and waits for the answer, again and again. */
  private final class Node {
    private final String name;
    private final Leases leases = new Leases(TIMES.lease(), TIMES.margin());
    private final long origin = random.nextLong();
    // One node may run 5 % slow against another 5 % fast: the margin covers that.
    private final double rate = 0.95 + random.nextDouble() / 10;
    // The drainers that run, also beyond their lease.
    private final Map<Integer, Lease> drains = new TreeMap<>();
    private final List<Integer> stopped = new ArrayList<>();
    private final List<Tenure> unreleased = new ArrayList<>();
    private int asks;
    private long frozenUntil;
    private boolean leaving;
    private int stage;
    private Sharing sharing;
    private Request<?> open;

    Node(String name, int asks) {
      this.name = name;
      this.asks = asks;
    }

    long clock() {
      return origin + (long) (now * rate);
    }

    void step() {
      for (int shard : List.copyOf(drains.keySet())) {
        // A drainer ends between two batches after it was told to, or when it sees its lease end.
        boolean over = !drains.get(shard).heldAt(clock());
        if ((over || stopped.contains(shard)) && random.nextInt(3) == 0) {
          stopped.remove((Integer) shard);
          Lease ended = drains.remove(shard);
          leases.released(ended);
          unreleased.add(ended.tenure());
        }
      }
      if (open == null) {
        next();
      } else if (!calm && random.nextInt(10) == 0) {
        open = null; // lost; whether it was carried out, the node does not know
        stage = 0;
      } else {
        open = open.proceed() ? null : open;
      }
    }

    private void next() {
      leases.expire(clock());
      switch (stage++) {
        case 0 -> {
          if (!unreleased.isEmpty()) {
            List<Tenure> mine = List.copyOf(unreleased);
            open = new Request<>(() -> release(mine), nothing -> unreleased.removeAll(mine));
          }
        }
        case 1 -> {
          long before = clock();
          List<Tenure> mine = leases.tenures();
          if (leases.renewalDue(before)) {
            open =
                new Request<>(
                    () -> renew(mine),
                    renewed ->
                        leases.renewed(before, renewed).forEach(lost -> stopped.add(lost.shard())));
          }
        }
        case 2 ->
            open =
                leaving
                    ? new Request<>(this::forget, nothing -> stopped.addAll(drains.keySet()))
                    : new Request<>(this::look, standing -> sharing = new Sharing(standing));
        case 3 -> {
          if (leaving) {
            if (drains.isEmpty() && unreleased.isEmpty()) {
              nodes.remove(this);
              if (nodes.isEmpty()) {
                join(asks);
              }
            }
          } else {
            claim();
          }
        }
        default -> {
          stage = 0;
          OptionalInt into = leaving ? OptionalInt.empty() : sharing.change();
          if (into.isPresent() && drains.isEmpty()) {
            open = new Request<>(() -> divide(into.getAsInt()), divided -> {});
          }
        }
      }
    }

    private void claim() {
      int target = sharing.target(name);
      leases.surplus(target).forEach(lease -> stopped.add(lease.shard()));
      int wanted = leases.wanted(target);
      if (wanted > 0) {
        long before = clock();
        List<Integer> without = List.copyOf(drains.keySet());
        open =
            new Request<>(
                () -> grant(without, wanted),
                grants ->
                    leases
                        .claimed(before, grants)
                        .forEach(lease -> drains.put(lease.shard(), lease)));
      }
    }

    private List<Tenure> renew(List<Tenure> mine) {
      List<Tenure> renewed = new ArrayList<>();
      for (Tenure tenure : mine) {
        Row row = rows.get(tenure.shard());
        if (row.owner.equals(name) && row.epoch == tenure.epoch()) {
          row.until = now + TIMES.lease().toNanos();
          renewed.add(tenure);
        }
      }
      return renewed;
    }

    private Void release(List<Tenure> mine) {
      for (Tenure tenure : mine) {
        Row row = rows.get(tenure.shard());
        if (row.owner.equals(name) && row.epoch == tenure.epoch()) {
          row.until = Long.MIN_VALUE;
        }
      }
      return null;
    }

    private Void forget() {
      seen.remove(name);
      return null;
    }

    private Standing look() {
      seen.put(name, new Seen(now, asks));
      List<Member> members = new ArrayList<>();
      living()
          .forEach(
              (node, last) ->
                  members.add(
                      new Member(
                          node,
                          last.asks(),
                          (int)
                              rows.values().stream()
                                  .filter(row -> row.owner.equals(node) && row.until >= now)
                                  .count())));
      return new Standing(shards(), members);
    }

    private List<Grant> grant(List<Integer> without, int limit) {
      List<Grant> grants = new ArrayList<>();
      rows.forEach(
          (shard, row) -> {
            if (grants.size() < limit
                && row.until < now
                && shard < row.shards
                && !without.contains(shard)) {
              row.owner = name;
              row.epoch++;
              row.until = now + TIMES.lease().toNanos();
              grants.add(new Grant(new Tenure(shard, row.epoch), row.shards, "t"));
            }
          });
      return grants;
    }
  }

  private Map<String, Seen> living() {
    Map<String, Seen> living = new TreeMap<>(seen);
    living.values().removeIf(last -> last.at() <= now - TIMES.unseen().toNanos());
    return living;
  }

  private boolean divide(int into) {
    if (rows.values().stream().anyMatch(row -> row.until >= now)
        || living().values().stream().anyMatch(last -> last.asks() != into)) {
      return false;
    }
    for (int shard = 0; shard < into; shard++) {
      rows.computeIfAbsent(shard, missing -> new Row(into));
    }
    for (Row row : rows.values()) {
      row.shards = into;
      row.epoch++;
      row.owner = "";
    }
    return true;
  }

  /** Sent, then carried out, then heard. */
  private static final class Request<T> {
    private final Supplier<T> work;
    private final Consumer<T> hear;
    private T answer;
    private boolean done;

    Request(Supplier<T> work, Consumer<T> hear) {
      this.work = work;
      this.hear = hear;
    }

    /** Returns whether it is over. */
    boolean proceed() {
      if (!done) {
        answer = work.get();
        done = true;
        return false;
      }
      hear.accept(answer);
      return true;
    }
  }
}
