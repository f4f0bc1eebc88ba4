package io.drivetrain.testkitapp.internal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBrokerTest {
  private final MemoryBroker broker = MemoryBroker.create(4);

  @AfterEach
  void remove() {
    broker.remove();
  }

  private Consumer<byte[], byte[]> member(String group) {
    return new MemoryClients()
        .consumer(
            Map.of(
                "bootstrap.servers",
                broker.address(),
                "group.id",
                group,
                "auto.offset.reset",
                "earliest"));
  }

  private static List<ConsumerRecord<byte[], byte[]>> poll(Consumer<byte[], byte[]> member) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    member.poll(Duration.ZERO).forEach(all::add);
    return all;
  }

  private void send(int partition, String value) {
    broker.append(
        List.of(new ProducerRecord<>("orders", partition, null, value.getBytes())), false);
  }

  @Test
  void members_of_a_group_share_partitions_and_take_over_what_one_leaves() {
    Consumer<byte[], byte[]> first = member("g");
    Consumer<byte[], byte[]> second = member("g");
    List<TopicPartition> revoked = new ArrayList<>();
    first.subscribe(
        List.of("orders"),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // seen by assignment()
          }
        });
    poll(first);
    assertThat(first.assignment()).hasSize(4);

    second.subscribe(List.of("orders"));
    poll(second);
    assertThat(second.assignment()).as("not before the first has let go").isEmpty();
    poll(first);
    poll(second);
    assertThat(revoked).hasSize(2).doesNotContainAnyElementsOf(first.assignment());
    Set<TopicPartition> both = new HashSet<>(first.assignment());
    both.addAll(second.assignment());
    assertThat(both).hasSize(4);

    second.close();
    poll(first);
    assertThat(first.assignment()).hasSize(4);
  }

  @Test
  void a_group_goes_on_where_it_has_committed_and_another_begins_anew() {
    TopicPartition partition = new TopicPartition("orders", 0);
    send(0, "a");
    send(0, "b");
    Consumer<byte[], byte[]> before = member("g");
    before.subscribe(List.of("orders"));
    assertThat(poll(before)).hasSize(2);
    before.commitSync(Map.of(partition, new OffsetAndMetadata(1)), Duration.ofSeconds(1));
    before.close();

    Consumer<byte[], byte[]> after = member("g");
    after.subscribe(List.of("orders"));
    assertThat(poll(after)).singleElement().extracting(ConsumerRecord::offset).isEqualTo(1L);
    Consumer<byte[], byte[]> other = member("h");
    other.subscribe(List.of("orders"));
    assertThat(poll(other)).hasSize(2);
  }

  @Test
  void a_paused_partition_is_not_fetched_and_a_position_may_be_moved() {
    TopicPartition partition = new TopicPartition("orders", 2);
    send(2, "a");
    Consumer<byte[], byte[]> member = member("g");
    member.subscribe(List.of("orders"));
    assertThat(poll(member)).hasSize(1);

    member.pause(Set.of(partition));
    send(2, "b");
    assertThat(poll(member)).isEmpty();

    member.seek(partition, 0);
    member.resume(Set.of(partition));
    assertThat(poll(member)).hasSize(2);
  }

  @Test
  void what_it_cannot_do_is_said() {
    assertThatThrownBy(() -> member("g").enforceRebalance())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Kafka in memory cannot");
    assertThatThrownBy(
            () -> new MemoryClients().producer(Map.of("bootstrap.servers", "in-memory:999999")))
        .hasMessageContaining("no broker at in-memory:999999");
  }
}
