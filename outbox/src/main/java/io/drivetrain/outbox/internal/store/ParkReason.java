package io.drivetrain.outbox.internal.store;

/** Why a row was parked; the codes are stored. */
public enum ParkReason {
  /** Larger than the broker or the topic takes. */
  TOO_LARGE(1),
  /** Refused by the broker for what it is, for example no key on a compacted topic. */
  REFUSED(2),
  /** Addressed to a partition the topic does not have. */
  NO_SUCH_PARTITION(3),
  /** The row itself cannot be read as an event. */
  UNREADABLE(4);

  private final short code;

  ParkReason(int code) {
    this.code = (short) code;
  }

  /** As in the column {@code reason}. */
  public short code() {
    return code;
  }
}
