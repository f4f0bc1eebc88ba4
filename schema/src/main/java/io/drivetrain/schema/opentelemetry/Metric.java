package io.drivetrain.schema.opentelemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;

/**
 * A metric as a module declares it, usually a constant of an enum: what is declared is what is
 * documented and what is emitted. Immutable.
 */
public interface Metric {

  /** What becomes of the numbers. */
  enum Kind {
    COUNTER("counter"),
    HISTOGRAM("histogram"),
    GAUGE("gauge"),
    DOUBLE_GAUGE("gauge");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** What the documentation calls it. */
    public String word() {
      return word;
    }
  }

  /**
   * A metric's name, kind, unit and meaning, as the documentation lists them.
   *
   * @param unit as UCUM writes it; in braces what is counted
   */
  record Declaration(String id, Kind kind, String unit, String doc) {}

  /** The conventions' boundaries for durations; those of the SDK are made for milliseconds. */
  List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  /** Boundaries for batches. */
  List<Long> SIZES =
      List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L, 1_000L, 2_000L, 5_000L, 10_000L);

  /** How it is declared. */
  Declaration declared();

  /** Its name. */
  default String id() {
    return declared().id();
  }

  /** What counts. */
  default LongCounter counter(Meter meter) {
    return meter
        .counterBuilder(id())
        .setUnit(declared().unit())
        .setDescription(declared().doc())
        .build();
  }

  /** What measures durations, in seconds. */
  default DoubleHistogram durations(Meter meter) {
    return meter
        .histogramBuilder(id())
        .setUnit(declared().unit())
        .setDescription(declared().doc())
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }

  /** What measures batches. */
  default LongHistogram sizes(Meter meter) {
    return meter
        .histogramBuilder(id())
        .setUnit(declared().unit())
        .setDescription(declared().doc())
        .ofLongs()
        .setExplicitBucketBoundariesAdvice(SIZES)
        .build();
  }

  /** What is looked at whenever metrics are collected. */
  default ObservableLongMeasurement gauge(Meter meter) {
    return meter
        .gaugeBuilder(id())
        .ofLongs()
        .setUnit(declared().unit())
        .setDescription(declared().doc())
        .buildObserver();
  }

  /** The same, with fractions. */
  default ObservableDoubleMeasurement doubleGauge(Meter meter) {
    return meter
        .gaugeBuilder(id())
        .setUnit(declared().unit())
        .setDescription(declared().doc())
        .buildObserver();
  }
}
