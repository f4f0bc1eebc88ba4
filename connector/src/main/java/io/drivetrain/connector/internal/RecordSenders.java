package io.drivetrain.connector.internal;

import io.drivetrain.connector.internal.outbound.RecordSender;
import io.drivetrain.connector.internal.settings.ProducerSettings;
import io.drivetrain.schema.settings.Settings;

/** Makes senders of settings; called on a thread of the application, for its class loader. */
final class RecordSenders {
  private RecordSenders() {}

  /**
   * A sender whose producer is made at the first send.
   *
   * @param owner whose it is, as the subject of a sentence
   * @param root settings with the topics' codecs
   */
  static RecordSender make(String owner, ProducerSettings settings, Settings root) {
    KafkaClients clients = new KafkaClients(settings.properties());
    return new RecordSender(
        owner,
        clients::producer,
        settings.closeTimeout(),
        root,
        settings.keySerializer().map(type -> clients.serializer(type, true)),
        settings.valueSerializer().map(type -> clients.serializer(type, false)));
  }
}
