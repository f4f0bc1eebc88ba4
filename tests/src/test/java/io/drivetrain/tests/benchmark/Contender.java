package io.drivetrain.tests.benchmark;

/** A way to consume a topic. */
enum Contender {
  /** A bare KafkaConsumer with String deserialisers and an asynchronous commit each second. */
  RAW("raw KafkaConsumer loop"),
  /** Our connector, one record per call. */
  OURS_STRING("drivetrain, void m(String)"),
  /** Our connector, a batch per call. */
  OURS_LIST("drivetrain, void m(List<String>)"),
  /** The peer, one record per call, with its default throttled commits. */
  SMALLRYE_STRING("smallrye-kafka, void m(String)"),
  /** The peer, a batch per call. */
  SMALLRYE_BATCH("smallrye-kafka, void m(List<String>)");

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
