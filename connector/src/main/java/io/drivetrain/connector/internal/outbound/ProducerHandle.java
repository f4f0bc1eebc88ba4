package io.drivetrain.connector.internal.outbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * The producer behind a sender: made at the first send, so that a broker away at start is no error,
 * and replaced after an error a producer never recovers from. Thread-safe.
 */
final class ProducerHandle {
  private static final Logger LOG = System.getLogger(ProducerHandle.class.getName());

  private final String owner;
  private final Supplier<Producer<byte[], byte[]>> factory;

  /** Guarded by this for writing. */
  private volatile Producer<byte[], byte[]> producer;

  /** Guarded by this. */
  private boolean closed;

  ProducerHandle(String owner, Supplier<Producer<byte[], byte[]>> factory) {
    this.owner = owner;
    this.factory = factory;
  }

  /** As {@link Producer#send}; throws what the client throws before it takes the record. */
  Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    Producer<byte[], byte[]> current = producer();
    return current.send(
        record,
        (metadata, failure) -> {
          if (failure != null && isFatal(failure)) {
            replace(current, failure);
          }
          callback.onCompletion(metadata, failure);
        });
  }

  private Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> current = producer;
    return current != null ? current : create();
  }

  private synchronized Producer<byte[], byte[]> create() {
    if (closed) {
      throw new IllegalStateException(owner + " is stopped");
    }
    if (producer == null) {
      producer = factory.get();
    }
    return producer;
  }

  private static boolean isFatal(Exception failure) {
    return failure instanceof ProducerFencedException
        || failure instanceof InvalidProducerEpochException
        || failure instanceof OutOfOrderSequenceException
        || failure instanceof AuthorizationException;
  }

  private synchronized void replace(Producer<byte[], byte[]> broken, Exception failure) {
    if (producer == broken) {
      LOG.log(Level.WARNING, "{0}: the producer is replaced: {1}", owner, failure.toString());
      producer = null;
      // Called on its own I/O thread: closing without waiting is the only way that does not wait
      // for itself.
      broken.close(Duration.ZERO);
    }
  }

  void close(Duration timeout) {
    Producer<byte[], byte[]> current;
    synchronized (this) {
      closed = true;
      current = producer;
      producer = null;
    }
    if (current != null) {
      current.close(timeout);
    }
  }
}
