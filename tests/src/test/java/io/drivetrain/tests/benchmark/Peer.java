package io.drivetrain.tests.benchmark;

/** Runs the contenders of a library. */
public interface Peer {

  /**
   * Consumes a topic from its beginning into {@link Sink#current} until that is done, and stops.
   *
   * @param group a consumer group that nobody else has
   */
  void run(String contender, String bootstrapServers, String topic, String group) throws Exception;
}
