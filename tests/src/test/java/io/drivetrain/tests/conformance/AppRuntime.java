package io.drivetrain.tests.conformance;

/** Where applications run: a server or Java SE, with its own reactive messaging. */
interface AppRuntime {

  /** Its name and the versions of what it is made of, as they are found at run time. */
  String description();

  /** The version of the Kafka client that applications get. */
  default String kafkaClients() {
    return Libraries.version("kafka-clients");
  }

  /** Deploys an application and returns when it has started. */
  Deployment deploy(Application application);

  /** Deploys an application that is refused and returns what is said about it, in one line. */
  String refusal(Application application);
}
