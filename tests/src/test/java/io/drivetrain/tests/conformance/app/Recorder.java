package io.drivetrain.tests.conformance.app;

import java.util.List;

/** What consumers were given, in order, and the test's hand on what they do with it. */
public interface Recorder {

  /** Every call so far, also those that failed. */
  List<Seen> seen();

  /** From now on nothing fails. */
  void heal();

  /** What waits goes on, now and later. */
  void release();
}
