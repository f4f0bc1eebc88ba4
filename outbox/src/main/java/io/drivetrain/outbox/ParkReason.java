package io.drivetrain.outbox;

import java.util.Arrays;
import java.util.Locale;

/** Why a row was parked; the codes are stored. */
public enum ParkReason {
  /** A reason that a newer build knows. */
  OTHER(0),
  /** Larger than the broker or the topic takes. */
  TOO_LARGE(1),
  /** Refused by the broker for what it is, for example no key on a compacted topic. */
  REFUSED(2),
  /** Addressed to a partition the topic does not have. */
  NO_SUCH_PARTITION(3),
  /** The row itself cannot be read as an event. */
  UNREADABLE(4),
  /** An earlier row of its key was refused, and the topic's policy is {@code block-key}. */
  BEHIND_BLOCKED(5),
  /** Set aside by an operator. */
  BY_OPERATOR(6);

  private final short code;

  ParkReason(int code) {
    this.code = (short) code;
  }

  /** As in the column {@code reason}. */
  public short code() {
    return code;
  }

  /** As operators write it, for example {@code too-large}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The reason of a code. */
  public static ParkReason of(int code) {
    return Arrays.stream(values()).filter(each -> each.code == code).findAny().orElse(OTHER);
  }
}
