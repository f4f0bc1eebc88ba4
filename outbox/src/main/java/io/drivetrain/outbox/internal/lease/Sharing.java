package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.store.LeaseTable.Member;
import io.drivetrain.outbox.internal.store.LeaseTable.Standing;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * How the shards should be shared, as one node sees it at one moment. Each node decides for itself
 * and may be late; the leases keep that harmless, and once nothing changes all decide alike.
 * Immutable.
 *
 * <p>The number of shards in effect is in the database. It changes only when every living node asks
 * for the same other number: then all give their shards back, and with none leased the rows are
 * rewritten. So at no time do two numbers divide the same events, and a rolling restart with a new
 * number divides them anew once, at its end.
 */
record Sharing(Standing standing) {

  /** The number of shards to change to, if it must change. */
  OptionalInt change() {
    List<Integer> asked = standing.members().stream().map(Member::asks).distinct().toList();
    return asked.size() == 1 && asked.get(0) != standing.shards()
        ? OptionalInt.of(asked.get(0))
        : OptionalInt.empty();
  }

  /**
   * How many shards a node should hold. Shares differ by one at most; those who hold more already
   * get the larger ones, so that no shard moves without need.
   */
  int target(String node) {
    if (change().isPresent()) {
      return 0;
    }
    List<String> order =
        standing.members().stream()
            .sorted(Comparator.comparing(Member::holds).reversed().thenComparing(Member::node))
            .map(Member::node)
            .toList();
    int rank = order.indexOf(node);
    int nodes = Math.max(1, order.size());
    int rest = standing.shards() % nodes;
    return standing.shards() / nodes + (rank >= 0 && rank < rest ? 1 : 0);
  }

  /** What to tell an operator if nodes want different numbers of shards; empty if they do not. */
  String disagreement() {
    if (standing.members().stream().map(Member::asks).distinct().count() < 2) {
      return "";
    }
    return "nodes ask for different numbers of shards ("
        + standing.members().stream()
            .sorted(Comparator.comparing(Member::node))
            .map(member -> member.node() + " " + member.asks())
            .collect(Collectors.joining(", "))
        + "); "
        + standing.shards()
        + " stays in effect until all ask for the same";
  }
}
