package io.drivetrain.outbox.internal.store;

import java.util.Arrays;

/**
 * Which transactions had completed when a read began, as {@code pg_current_snapshot()} says it.
 * Immutable.
 */
public final class Snapshot {
  private final String server;
  private final int session;
  private final long xmin;
  private final long xmax;
  private final long[] running;

  /**
   * @param server which run of which server it was; transaction ids of another say nothing
   * @param session the server's number for the session that took it
   * @param xmin every transaction below it had completed
   * @param xmax none from it on had completed
   * @param running those in between that had not, in ascending order
   */
  public Snapshot(String server, int session, long xmin, long xmax, long... running) {
    this.server = server;
    this.session = session;
    this.xmin = xmin;
    this.xmax = xmax;
    this.running = running;
  }

  /** Reads PostgreSQL's text, {@code xmin:xmax:xid,xid}. */
  static Snapshot parse(String server, int session, String text) {
    String[] parts = text.split(":", -1);
    long[] running =
        parts[2].isEmpty()
            ? new long[0]
            : Arrays.stream(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
    return new Snapshot(
        server, session, Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
  }

  /** Which run of which server it was. */
  public String server() {
    return server;
  }

  /** The server's number for the session that took it. */
  public int session() {
    return session;
  }

  /** No transaction from this on had completed. */
  public long xmax() {
    return xmax;
  }

  /** Those below {@link #xmax} that had not completed. */
  public long[] running() {
    return running.clone();
  }

  /** Whether a transaction had completed, by commit or rollback. */
  public boolean completed(long xid) {
    return xid < xmin || (xid < xmax && Arrays.binarySearch(running, xid) < 0);
  }

  /** Whether it was taken after another one, on the same run of the same server. */
  public boolean follows(Snapshot earlier) {
    return server.equals(earlier.server) && xmin >= earlier.xmin && xmax >= earlier.xmax;
  }

  @Override
  public String toString() {
    return xmin + ":" + xmax + ":" + Arrays.toString(running);
  }
}
