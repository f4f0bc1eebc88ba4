package io.drivetrain.outbox.internal.admin;

import io.drivetrain.schema.Keys;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Settings;

/** How topics and keys that an operator names are written in the tables. Thread-safe. */
public interface TopicKeys {

  /** The topic as Kafka knows it. */
  String topic(String topic);

  /** The key's bytes, null for none. */
  byte[] key(String topic, Object key);

  /** By an application's settings. */
  static TopicKeys of(Settings root) {
    return new TopicKeys() {
      @Override
      public String topic(String topic) {
        return Topics.of(root).physical(topic);
      }

      @Override
      public byte[] key(String topic, Object key) {
        return key == null ? null : TopicFormat.of(root, topic).key(key, null);
      }
    };
  }

  /** As they are: without the application, only plain keys can be written. */
  static TopicKeys plain() {
    return new TopicKeys() {
      @Override
      public String topic(String topic) {
        return topic;
      }

      @Override
      public byte[] key(String topic, Object key) {
        return Keys.encode(topic, key);
      }
    };
  }
}
