package io.drivetrain.tests.conformance;

/** A running application as a scenario sees it, in this process or in another. */
interface Deployment extends AutoCloseable {

  /**
   * A bean of the application.
   *
   * @param type an interface; arguments and results of its methods are plain data
   */
  <T> T get(Class<T> type);

  /**
   * What the application answers to a health probe.
   *
   * @param kind started, ready or live
   */
  Health health(String kind);

  /** Deploys the same application once more, as a further member of its groups. */
  Deployment another();

  /** Stops the application as the server would and returns when it has stopped. */
  @Override
  void close();

  /**
   * An answer to a health probe.
   *
   * @param up whether the status is UP
   * @param text everything it says
   */
  record Health(boolean up, String text) {}
}
