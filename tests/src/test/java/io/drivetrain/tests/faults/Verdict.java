package io.drivetrain.tests.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Invariants} found, each finding as a sentence.
 *
 * @param records how many records there were
 * @param lost records without an effect
 * @param outOfOrder effects before those of an earlier record
 * @param committedUndone commits beyond work that was not done
 * @param needlessDuplicates second effects that nothing excuses
 * @param duplicates how many second effects there were at all
 */
record Verdict(
    long records,
    List<String> lost,
    List<String> outOfOrder,
    List<String> committedUndone,
    List<String> needlessDuplicates,
    long duplicates) {

  /** All findings; none if everything held. */
  List<String> findings() {
    List<String> all = new ArrayList<>(lost);
    all.addAll(outOfOrder);
    all.addAll(committedUndone);
    all.addAll(needlessDuplicates);
    return all;
  }
}
