package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.EncodedMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * Which of the 64 buckets an event falls into. All events of a key share a bucket, and a shard is a
 * range of buckets, so that one drainer sees a key's events in order. The hash is stored with the
 * row and must never change.
 */
public final class Buckets {

  /** How many there are. */
  public static final int COUNT = 64;

  private Buckets() {}

  /** The bucket of an event; random if neither key nor partition asks for an order. */
  public static int of(EncodedMessage message) {
    if (message.key() == null && message.partition() == null) {
      return ThreadLocalRandom.current().nextInt(COUNT);
    }
    CRC32C hash = new CRC32C();
    hash.update(message.topic().getBytes(StandardCharsets.UTF_8));
    hash.update(0);
    if (message.key() == null) {
      hash.update(message.partition());
    } else {
      hash.update(message.key());
    }
    return (int) (hash.getValue() & (COUNT - 1));
  }
}
