package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.HeaderCodec;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.UnreadableRowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Rows on their way to Kafka. Sent and awaited by the draining thread; the producer's thread writes
 * the answers.
 */
final class Batch {

  /**
   * The header by which consumers recognise what they have seen: it grows with each event of a key.
   */
  static final String ID_HEADER = "drivetrain-id";

  private static final Answer ACKNOWLEDGED = new Answer.Acknowledged();
  private static final Answer OPEN = new Answer.Again(null);

  private final List<OutboxRow> rows;
  private final Map<String, Integer> partitions;
  private final Predicate<OutboxRow> holdsBack;
  private final Runnable abort;
  private final AtomicReferenceArray<Answer> answers;
  private final AtomicInteger answered = new AtomicInteger();
  private final CountDownLatch open;

  private final Thread sender = Thread.currentThread();

  /** Set when it makes no sense to send more. */
  private volatile boolean failed;

  /** Set by the producer's thread when nothing more can be sent with this producer. */
  private volatile boolean aborted;

  /**
   * @param rows of topics that can be used now; all rows of a topic or none, else one could
   *     overtake another
   * @param partitions how many each of those topics has
   * @param holdsBack rows behind which nothing may be stored if they are refused
   * @param abort closes the producer at once, from its own thread: called when a record fails
   *     behind which nothing may be stored, because it must be sent again or holds others back
   */
  Batch(
      List<OutboxRow> rows,
      Map<String, Integer> partitions,
      Predicate<OutboxRow> holdsBack,
      Runnable abort) {
    this.holdsBack = holdsBack;
    this.abort = abort;
    this.rows = rows;
    this.partitions = partitions;
    this.answers = new AtomicReferenceArray<>(rows.size());
    this.open = new CountDownLatch(rows.size());
  }

  List<OutboxRow> rows() {
    return rows;
  }

  /**
   * Sends the rows in order, as long as the lease is held and nothing fails that could let a later
   * row overtake an earlier one.
   */
  void send(Producer<byte[], byte[]> producer, BooleanSupplier mayGoOn) {
    int next = 0;
    try {
      while (next < rows.size() && !failed && mayGoOn.getAsBoolean()) {
        send(producer, next++);
      }
    } finally {
      for (int i = next; i < rows.size(); i++) {
        answer(i, OPEN);
      }
    }
  }

  private void send(Producer<byte[], byte[]> producer, int index) {
    OutboxRow row = rows.get(index);
    try {
      Integer partition = row.partition();
      // The topic may have grown since it was first used.
      if (partition != null
          && partition >= partitions.get(row.topic())
          && partition >= producer.partitionsFor(row.topic()).size()) {
        answer(index, noSuchPartition(row));
        return;
      }
      ProducerRecord<byte[], byte[]> record = record(row);
      producer.send(record, (metadata, failure) -> heard(index, failure));
    } catch (UnreadableRowException e) {
      answer(index, new Answer.Refused(ParkReason.UNREADABLE, e.getMessage()));
    } catch (RuntimeException e) {
      answer(index, Answer.of(e));
    }
  }

  /** Called by the producer's thread, or by this one if the client itself refuses the record. */
  private void heard(int index, Exception failure) {
    if (failure == null) {
      answer(index, ACKNOWLEDGED);
      return;
    }
    Answer answer = Answer.of(failure);
    answer(index, answer);
    // What this thread has handed over before may go on; there is nothing behind it yet.
    if (answer instanceof Answer.Again || (isHeldBackBy(index, answer) && !isSender())) {
      aborted = true;
      // The next request leaves only when this returns.
      abort.run();
    }
  }

  private boolean isSender() {
    return Thread.currentThread() == sender;
  }

  private boolean isHeldBackBy(int index, Answer answer) {
    return answer instanceof Answer.Refused && holdsBack.test(rows.get(index));
  }

  private static Answer noSuchPartition(OutboxRow row) {
    return new Answer.Refused(
        ParkReason.NO_SUCH_PARTITION,
        "topic " + row.topic() + " has no partition " + row.partition());
  }

  private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
    ProducerRecord<byte[], byte[]> record;
    try {
      record =
          new ProducerRecord<>(
              row.topic(), row.partition(), row.timestamp(), row.key(), row.value());
    } catch (IllegalArgumentException e) {
      throw new UnreadableRowException(e.getMessage()); // a negative timestamp, for example
    }
    for (Header header : HeaderCodec.decode(row.headers())) {
      record.headers().add(header.name(), header.value());
    }
    record.headers().add(ID_HEADER, Long.toString(row.id()).getBytes(StandardCharsets.US_ASCII));
    return record;
  }

  private void answer(int index, Answer answer) {
    // A producer that is closed by force answers again what it gave up.
    if (answers.compareAndSet(index, null, answer)) {
      if (answer != OPEN
          && (answer instanceof Answer.Again
              || answer instanceof Answer.TopicFailed
              || isHeldBackBy(index, answer))) {
        failed = true;
      }
      answered.incrementAndGet();
      open.countDown();
    }
  }

  /** Waits until every row is answered. */
  boolean await(long millis) throws InterruptedException {
    return open.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Whether the producer was closed, so that it cannot be used again. */
  boolean aborted() {
    return aborted;
  }

  int answered() {
    return answered.get();
  }

  /** The answers so far; a row without one must be sent again. */
  List<Answer> answers() {
    List<Answer> all = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Answer answer = answers.get(i);
      all.add(answer == null ? OPEN : answer);
    }
    return all;
  }
}
