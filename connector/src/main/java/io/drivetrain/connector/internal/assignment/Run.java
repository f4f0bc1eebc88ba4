package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Consecutive records of one strand in the hands of one lane. The lane alone writes its progress;
 * the poll thread reads it to commit what is done without waiting for the rest.
 */
public final class Run {
  private static final VarHandle COMPLETED;

  static {
    try {
      COMPLETED = MethodHandles.lookup().findVarHandle(Run.class, "completed", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Strand strand;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final Optional<Failure> failure;

  /** Written by the lane through {@link #COMPLETED}, read by the poll thread. */
  @SuppressWarnings("unused")
  private int completed;

  /** Written by the poll thread, read by the lane before every record. */
  private volatile boolean stopped;

  Run(Strand strand, List<ConsumerRecord<byte[], byte[]>> records, Optional<Failure> failure) {
    this.strand = strand;
    this.records = records;
    this.failure = failure;
  }

  Strand strand() {
    return strand;
  }

  /** Where its records are from. */
  public TopicPartition partition() {
    return strand.partition().name();
  }

  /** The records, in order. */
  public List<ConsumerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** How many records it has. */
  public int size() {
    return records.size();
  }

  /** One of them, from 0. */
  public ConsumerRecord<byte[], byte[]> record(int index) {
    return records.get(index);
  }

  /** The last failure of the first record, if it failed before. */
  public Optional<Failure> failure() {
    return failure;
  }

  /** 1 for a record that is delivered for the first time. */
  public int attempt(int index) {
    return index == 0 && failure.isPresent() ? failure.get().failures() + 1 : 1;
  }

  /** Why the previous attempt at a record failed, null at the first. */
  public Throwable lastFailure(int index) {
    return index == 0 && failure.isPresent() ? failure.get().cause() : null;
  }

  /** The delivery of some of the records, as it is told to others. */
  public Delivery delivery(String channel, int index, int size) {
    LiveDelivery delivery = new LiveDelivery(channel);
    delivery.begin(
        record(index), record(index + size - 1), size, attempt(index), lastFailure(index));
    return delivery.snapshot();
  }

  /** The first {@code count} records are done, and their effects are visible to who reads this. */
  public void completed(int count) {
    COMPLETED.setRelease(this, count);
  }

  /** How many records are done. */
  public int completed() {
    return (int) COMPLETED.getAcquire(this);
  }

  /** Asks the lane to begin no further record and to give the rest back. */
  public void stop() {
    stopped = true;
  }

  /** Whether the rest is to be given back. */
  public boolean isStopped() {
    return stopped;
  }
}
