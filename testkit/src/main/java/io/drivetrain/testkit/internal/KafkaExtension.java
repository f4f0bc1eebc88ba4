package io.drivetrain.testkit.internal;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.UseKafka;

/** Gives test classes that say {@link UseKafka} their {@link KafkaBroker}. */
public final class KafkaExtension extends ServerExtension<KafkaBroker> {
  /** Made by JUnit. */
  public KafkaExtension() {
    super(KafkaBroker.class, KafkaBroker::create, KafkaBroker::start);
  }

  @Override
  boolean isOwn(Class<?> testClass) {
    UseKafka use = testClass.getAnnotation(UseKafka.class);
    return use != null && use.own();
  }
}
