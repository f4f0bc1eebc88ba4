package io.drivetrain.connector;

import java.util.List;
import java.util.Optional;

/**
 * An incoming channel at one moment.
 *
 * @param name the channel's name
 * @param phase where it stands in its life
 * @param problem why it cannot work now, for example an unreachable broker; empty when it can
 * @param stuck what does not go on, though nothing is dead: a delivery in flight for longer than
 *     {@code processing-timeout}, or a poll loop that does not poll; empty again when it goes on
 * @param partitions the partitions assigned to this node, ordered by topic and number
 */
public record ChannelState(
    String name,
    Phase phase,
    Optional<String> problem,
    Optional<String> stuck,
    List<PartitionState> partitions) {

  /** Where a channel stands in its life. */
  public enum Phase {
    /** Deployed; the application has not finished starting. */
    WAITING,
    /** Subscribed; no assignment from the group yet. */
    JOINING,
    /** Assigned, or assigned nothing because other members have all partitions. */
    RUNNING,
    /** Finishing what is in flight. */
    STOPPING,
    /** Left the group. */
    STOPPED,
    /**
     * The runtime cancelled the stream or the poll loop died: nothing is consumed until a restart.
     */
    DEAD
  }

  /** Copies the list. */
  public ChannelState {
    partitions = List.copyOf(partitions);
  }

  /**
   * What liveness asks: neither dead nor stuck. Paused partitions and an absent broker are no
   * death.
   */
  public boolean isAlive() {
    return phase != Phase.DEAD && stuck.isEmpty();
  }
}
