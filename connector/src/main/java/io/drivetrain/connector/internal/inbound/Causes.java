package io.drivetrain.connector.internal.inbound;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds what a consumer method threw inside what runtimes wrap around it. */
final class Causes {
  /** By name: the class is no part of the specification, and hidden on some servers. */
  private static final String RUNTIME_WRAPPER =
      "io.smallrye.reactive.messaging.ProcessingException";

  private Causes() {}

  static Throwable userFailure(Throwable reason) {
    Throwable failure = reason;
    while (failure.getCause() != null && isWrapper(failure)) {
      failure = failure.getCause();
    }
    return failure;
  }

  private static boolean isWrapper(Throwable failure) {
    return failure instanceof InvocationTargetException
        || failure instanceof UndeclaredThrowableException
        || failure instanceof CompletionException
        || failure instanceof ExecutionException
        || failure.getClass().getName().equals(RUNTIME_WRAPPER);
  }
}
