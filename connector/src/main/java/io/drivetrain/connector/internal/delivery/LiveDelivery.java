package io.drivetrain.connector.internal.delivery;

import io.drivetrain.connector.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * The delivery of one lane's thread, reused for every record; that thread alone touches it. Sends
 * belong to one attempt and are forgotten with it, so a failed one never poisons a later record.
 */
public final class LiveDelivery implements Delivery {
  private static final ThreadLocal<LiveDelivery> BOUND = new ThreadLocal<>();

  private final String channel;
  private final boolean batches;
  private final List<Future<?>> sends = new ArrayList<>();
  private ConsumerRecord<byte[], byte[]> first;
  private ConsumerRecord<byte[], byte[]> last;
  private int size;
  private int attempt;
  private Throwable lastFailure;

  /** A delivery of a channel whose method takes one record, bound to no thread yet. */
  public LiveDelivery(String channel) {
    this(channel, false);
  }

  /**
   * A delivery of a channel, bound to no thread yet.
   *
   * @param batches whether the channel's method takes many records at once
   */
  public LiveDelivery(String channel, boolean batches) {
    this.channel = channel;
    this.batches = batches;
  }

  /** What the calling thread is processing, null if nothing. */
  public static LiveDelivery ofThisThread() {
    LiveDelivery bound = BOUND.get();
    return bound == null || bound.first == null ? null : bound;
  }

  /** Makes this the delivery of the calling thread until {@link #unbind}. */
  public void bind() {
    BOUND.set(this);
  }

  /** The calling thread delivers no more. */
  public void unbind() {
    end();
    BOUND.remove();
  }

  /**
   * A delivery begins.
   *
   * @param lastFailure why the previous attempt failed, null at the first
   */
  public void begin(
      ConsumerRecord<byte[], byte[]> firstRecord,
      ConsumerRecord<byte[], byte[]> lastRecord,
      int records,
      int attemptNumber,
      Throwable lastFailure) {
    this.first = firstRecord;
    this.last = lastRecord;
    this.size = records;
    this.attempt = attemptNumber;
    this.lastFailure = lastFailure;
    if (!sends.isEmpty()) {
      sends.clear();
    }
  }

  /** The delivery is over; calls fail until the next begins. */
  public void end() {
    first = null;
    last = null;
    lastFailure = null;
    sends.clear();
  }

  /** The record being processed; empty if it is a batch, even of one record. */
  public Optional<ConsumerRecord<byte[], byte[]>> singleRecord() {
    return batches ? Optional.empty() : Optional.of(first);
  }

  /** Ties a send to this delivery: it is done only when the send is confirmed. */
  public void tie(Future<?> send) {
    sends.add(send);
  }

  /**
   * Waits until every send of this delivery is confirmed. Kafka bounds the wait: each send fails
   * after {@code delivery.timeout.ms}.
   *
   * @return why one of them failed, null if all are confirmed
   */
  public Throwable awaitSends() {
    if (sends.isEmpty()) {
      return null;
    }
    try {
      for (Future<?> send : sends) {
        send.get();
      }
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } finally {
      sends.clear();
    }
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public String topic() {
    return first.topic();
  }

  @Override
  public int partition() {
    return first.partition();
  }

  @Override
  public long firstOffset() {
    return first.offset();
  }

  @Override
  public long lastOffset() {
    return last.offset();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Optional<byte[]> key() {
    return Optional.ofNullable(first.key());
  }

  @Override
  public Headers headers() {
    return first.headers();
  }

  @Override
  public Instant timestamp() {
    return Instant.ofEpochMilli(first.timestamp());
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Optional<Throwable> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  @Override
  public Delivery snapshot() {
    return new DeliverySnapshot(
        channel, first, last.offset(), size, attempt, Optional.ofNullable(lastFailure));
  }
}
