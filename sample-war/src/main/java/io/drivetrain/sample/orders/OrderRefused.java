package io.drivetrain.sample.orders;

/** An order the shop does not take; the message is for whoever placed it. */
public class OrderRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The whole sentence. */
  public OrderRefused(String message) {
    super(message);
  }
}
