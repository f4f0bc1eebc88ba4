package io.drivetrain.testkit;

/** Gives test classes that say {@link UseKafka} their {@link KafkaBroker}. */
final class KafkaExtension extends ServerExtension<KafkaBroker> {
  KafkaExtension() {
    super(KafkaBroker.class, KafkaBroker::create, KafkaBroker::start);
  }

  @Override
  boolean isOwn(Class<?> testClass) {
    UseKafka use = testClass.getAnnotation(UseKafka.class);
    return use != null && use.own();
  }
}
