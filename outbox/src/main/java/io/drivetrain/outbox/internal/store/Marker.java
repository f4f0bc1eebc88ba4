package io.drivetrain.outbox.internal.store;

/**
 * A moment between row ids and transaction ids: when transaction {@code xid} was begun, {@code id}
 * had been drawn already. So whatever a later transaction draws is above {@code id}, because both
 * counters only grow and a transaction that writes events has its xid before it draws an id.
 *
 * @param server which run of which server it was
 */
public record Marker(String server, long xid, long id) {

  /**
   * A row id that was seen in the table.
   *
   * @param server which run of which server it was
   */
  public record Seen(String server, long id) {
    /** Before anything was seen. */
    public static final Seen NOTHING = new Seen("", 0);
  }

  /** It says nothing. */
  public static final Marker NONE = new Marker("", 0, 0);

  /**
   * With an id that was seen before the transaction was begun, if no better one is known: the
   * sequence knows more, and nobody can insert into it a row with an id of his own. One of another
   * server says nothing.
   */
  public Marker after(Seen seen) {
    return id == 0 && seen.server().equals(server) ? new Marker(server, xid, seen.id()) : this;
  }
}
