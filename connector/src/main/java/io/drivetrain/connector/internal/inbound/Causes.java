package io.drivetrain.connector.internal.inbound;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Finds what a consumer method threw inside what runtimes wrap around it. */
final class Causes {
  /**
   * By name: the class is no part of the specification, hidden on some servers, and has lived in
   * two packages.
   */
  private static final Pattern RUNTIME_WRAPPER =
      Pattern.compile("io\\.smallrye\\.reactive\\.messaging\\.(\\w+\\.)*ProcessingException");

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
        || RUNTIME_WRAPPER.matcher(failure.getClass().getName()).matches();
  }
}
