package io.drivetrain.tests.benchmark.outbox;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** No outbox: what was put into memory is sent. The limit of all others. */
final class BareRelay implements Relay {
  private final Site site;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private KafkaProducer<byte[], byte[]> producer;

  BareRelay(Site site) {
    this.site = site;
  }

  @Override
  public void prepare() {
    producer = Kafka.producer(site);
  }

  @Override
  public void transaction(Work work, long first, int count) {
    waiting.addAndGet(count);
  }

  @Override
  public void start() {
    Thread sender =
        new Thread(
            () -> {
              for (long number = 0; number < waiting.get(); number++) {
                producer.send(
                    new ProducerRecord<>(
                        site.topic(),
                        Events.bytes(Events.key(number)),
                        Events.bytes(Events.value(number))),
                    (metadata, failure) -> {
                      if (failure == null) {
                        done.incrementAndGet();
                      }
                    });
              }
            },
            "bare-producer");
    sender.setDaemon(true);
    sender.start();
  }

  @Override
  public long done() {
    return done.get();
  }

  @Override
  public void onAcknowledged(Consumer<byte[]> listener) {
    throw new UnsupportedOperationException("there is no transaction to count from");
  }

  @Override
  public void close() {
    producer.close();
  }
}
