package io.drivetrain.testkitapp;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkitapp.internal.Fates;
import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import io.drivetrain.testkitapp.internal.kafka.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An incoming channel of the application: gives its consumer method records and says what became of
 * each. They take the real way: decoding, batches, pauses, strategies, order. Values are encoded as
 * by {@link TestTopic}. Thread-safe.
 */
public final class TestChannel {
  private final String name;
  private final String topic;
  private final MemoryBroker broker;
  private final Fates fates;
  private final Channels channels;

  TestChannel(String name, String topic, MemoryBroker broker, Fates fates, Channels channels) {
    this.name = name;
    this.topic = topic;
    this.broker = broker;
    this.fates = fates;
    this.channels = channels;
  }

  /** Sends a record to the channel's topic. */
  public Processing send(Object key, Object value) {
    return send(new ProducerRecord<>(topic, key, value));
  }

  /** Sends a record with headers to the channel's topic. */
  public Processing send(Object key, Object value, Map<String, String> headers) {
    return send(TestTopic.record(topic, key, value, headers));
  }

  /** Sends a record without a value to the channel's topic. */
  public Processing tombstone(Object key) {
    return send(key, null);
  }

  /** Sends a record, which may say its topic, partition, timestamp and headers. */
  public Processing send(ProducerRecord<?, ?> record) {
    return sendAll(List.of(record)).get(0);
  }

  /**
   * Sends records at once, so that a method that takes batches gets those of a partition as one.
   */
  public List<Processing> sendAll(List<? extends ProducerRecord<?, ?>> records) {
    List<Processing> sent = new ArrayList<>();
    for (StoredRecord record : TestTopic.store(broker, records)) {
      sent.add(
          new Processing(
              new SentRecord(record),
              fates.of(name, record.topic(), record.partition(), record.offset())));
    }
    return sent;
  }

  /** A record for {@link #sendAll}. */
  public ProducerRecord<Object, Object> record(Object key, Object value) {
    return new ProducerRecord<>(topic, key, value);
  }

  /** Ends all pauses, so that what failed comes again at once. */
  public void retry() {
    channels.resume(name);
  }

  /** How the channel stands. */
  public ChannelState state() {
    return channels.state(name);
  }
}
