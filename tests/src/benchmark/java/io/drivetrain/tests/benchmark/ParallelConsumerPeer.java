package io.drivetrain.tests.benchmark;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Confluent's parallel consumer, in order per key. */
public final class ParallelConsumerPeer implements Peer {
  @Override
  public void run(String contender, String bootstrapServers, String topic, String group)
      throws Exception {
    Sink sink = Sink.current;
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    ParallelStreamProcessor<String, String> processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<String, String>builder()
                .consumer(
                    new KafkaConsumer<>(
                        properties, new StringDeserializer(), new StringDeserializer()))
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(16)
                .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(true)
                .build());
    try {
      processor.subscribe(List.of(topic));
      processor.poll(context -> sink.take(context.value()));
      sink.await();
    } finally {
      processor.closeDontDrainFirst();
    }
  }
}
