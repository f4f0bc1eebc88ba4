package io.drivetrain.connector;

import java.util.List;

/**
 * The dead letters of this application's channels, for programs, pages and the console. Inject it.
 * Thread-safe. Every call waits on the calling thread, for a bounded time; an interrupt ends it
 * early and stays set.
 */
public interface DeadLetters {

  /**
   * Where a channel's dead letters go, whether it sends any or not.
   *
   * @throws IllegalArgumentException if there is no such channel; the message lists those there are
   */
  String topic(String channel);

  /**
   * The dead letters that a replay would come to next, by partition and offset. Changes nothing.
   *
   * @param max the most to return, from 1
   * @throws IllegalArgumentException if there is no such channel
   * @throws IllegalStateException if Kafka does not answer within 10 s, or there is no such topic
   */
  List<DeadLetter> peek(String channel, int max);

  /**
   * As {@link #replay(String, ReplayRequest)} with {@link ReplayRequest#all()}.
   *
   * @throws IllegalArgumentException if there is no such channel
   * @throws IllegalStateException if another call of this application replays the channel now
   */
  Replay replay(String channel);

  /**
   * Sends dead letters back to the topics they came from, one after another: key, value and headers
   * byte for byte, without the headers that made them dead letters, and with one more, {@code
   * dead-letter-replays}, that counts. It goes on where the last call ended, on whichever node, and
   * no further than the letters there are when it begins. Its position moves past a letter when
   * Kafka has stored what was sent, or it was refused; a refused letter stays in the topic. A crash
   * in the middle may send some twice.
   *
   * <p>Every group that reads the topic of origin receives the record again, not only this
   * channel's.
   *
   * @throws IllegalArgumentException if there is no such channel
   * @throws IllegalStateException if another call of this application replays the channel now
   */
  Replay replay(String channel, ReplayRequest request);
}
