package io.drivetrain.connector.internal.opentelemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;

/** The instruments that are told what happens. Thread-safe. */
final class Metrics {
  final LongCounter consumed;
  final DoubleHistogram processDuration;
  final LongCounter sent;
  final DoubleHistogram operationDuration;
  final LongHistogram batchSize;
  final LongCounter failures;
  final LongCounter deadLetters;
  final LongCounter ignored;
  final LongCounter commits;
  final LongCounter rebalances;

  Metrics(Meter meter) {
    consumed = Instrument.CONSUMED.counter(meter);
    processDuration = Instrument.PROCESS_DURATION.durations(meter);
    sent = Instrument.SENT.counter(meter);
    operationDuration = Instrument.OPERATION_DURATION.durations(meter);
    batchSize = Instrument.BATCH_SIZE.sizes(meter);
    failures = Instrument.FAILURES.counter(meter);
    deadLetters = Instrument.DEAD_LETTERS.counter(meter);
    ignored = Instrument.IGNORED.counter(meter);
    commits = Instrument.COMMITS.counter(meter);
    rebalances = Instrument.REBALANCES.counter(meter);
  }
}
