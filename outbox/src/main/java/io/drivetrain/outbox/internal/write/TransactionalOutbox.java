package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.MessageTooLargeException;
import io.drivetrain.outbox.Outbox;
import io.drivetrain.outbox.OutboxMessage;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.trace.TraceContext;
import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Encodes, checks and buffers events of the caller's transaction. Thread-safe. */
public final class TransactionalOutbox implements Outbox, PendingMessages {

  /** What a broker takes as a topic's name. */
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final Transactions transactions;
  private final Settings settings;
  private final long maxRecordBytes;
  private final TraceContext trace = TraceContext.find();
  private final Topics names;
  private final Map<String, TopicFormat> formats = new ConcurrentHashMap<>();

  /**
   * @param settings where the formats of topics are set
   */
  public TransactionalOutbox(Transactions transactions, Settings settings, long maxRecordBytes) {
    this.transactions = transactions;
    this.settings = settings;
    this.names = Topics.of(settings);
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public void publish(String topic, Object key, Object value) {
    message(topic).key(key).value(value).publish();
  }

  @Override
  public OutboxMessage message(String topic) {
    return new Draft(topic);
  }

  @Override
  public void compute(Object slot, UnaryOperator<Pending> change) {
    transactions.change(
        slot,
        before -> {
          Pending after = change.apply(before);
          return after == null ? null : new Pending(after.note(), traced(after.messages()));
        });
  }

  private List<EncodedMessage> traced(List<EncodedMessage> messages) {
    List<EncodedMessage> traced = messages.stream().map(this::named).map(trace::carry).toList();
    traced.forEach(this::check);
    return traced;
  }

  /** To the topic as Kafka knows it. */
  private EncodedMessage named(EncodedMessage message) {
    String topic = names.physical(message.topic());
    return topic == null || topic.equals(message.topic())
        ? message
        : new EncodedMessage(
            topic,
            message.key(),
            message.value(),
            message.headers(),
            message.partition(),
            message.timestamp(),
            message.deliverAt());
  }

  private static void checkName(String topic) {
    if (topic == null || !TOPIC.matcher(topic).matches()) {
      throw new IllegalArgumentException(
          "'"
              + topic
              + "' is no topic name; expected 1 to 249 letters, digits, dots, dashes or"
              + " underscores");
    }
  }

  private void check(EncodedMessage message) {
    checkName(message.topic());
    if (message.partition() != null && message.partition() < 0) {
      throw new IllegalArgumentException(
          "topic " + message.topic() + ": there is no partition " + message.partition());
    }
    if (message.timestamp() != null && message.timestamp() < 0) {
      throw new IllegalArgumentException(
          "topic "
              + message.topic()
              + ": the timestamp "
              + Instant.ofEpochMilli(message.timestamp())
              + " is before 1970; Kafka takes none");
    }
    long size = RecordSize.of(message);
    if (size > maxRecordBytes) {
      throw new MessageTooLargeException(message.topic(), size, maxRecordBytes);
    }
  }

  private static long millis(String topic, Instant deliverAt) {
    if (deliverAt.isBefore(Instant.EPOCH) || !deliverAt.isBefore(LATEST)) {
      throw new IllegalArgumentException(
          "topic " + topic + ": deliverAt is " + deliverAt + "; expected a year from 1970 to 9999");
    }
    return deliverAt.toEpochMilli();
  }

  private TopicFormat format(String topic) {
    return formats.computeIfAbsent(topic, name -> TopicFormat.of(settings, name));
  }

  private final class Draft implements OutboxMessage {
    private final String topic;
    private final List<Header> headers = new ArrayList<>();
    private Object key;
    private Object value;
    private Integer partition;
    private Long timestamp;
    private Instant deliverAt;

    Draft(String topic) {
      this.topic = topic;
    }

    @Override
    public OutboxMessage key(Object newKey) {
      key = newKey;
      return this;
    }

    @Override
    public OutboxMessage value(Object newValue) {
      value = newValue;
      return this;
    }

    @Override
    public OutboxMessage header(String name, String text) {
      return header(name, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public OutboxMessage header(String name, byte[] bytes) {
      headers.add(new Header(name, bytes));
      return this;
    }

    @Override
    public OutboxMessage partition(int newPartition) {
      partition = newPartition;
      return this;
    }

    @Override
    public OutboxMessage timestamp(Instant newTimestamp) {
      timestamp = newTimestamp.toEpochMilli();
      return this;
    }

    @Override
    public OutboxMessage deliverAt(Instant time) {
      deliverAt = time;
      return this;
    }

    @Override
    public void publish() {
      if (!transactions.active()) {
        return;
      }
      checkName(topic);
      Encoded encoded = format(topic).encode(key, value);
      EncodedMessage message =
          new EncodedMessage(
              topic,
              encoded.key(),
              encoded.value(),
              headers,
              partition,
              timestamp,
              deliverAt == null ? null : millis(topic, deliverAt));
      Pending pending = new Pending(null, traced(List.of(message)));
      transactions.change(new Object(), nothing -> pending);
    }
  }
}
