package io.drivetrain.servers;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of a server's JVM: runs the server's own main class, and ends the JVM when the
 * process that started it is gone, also after a SIGKILL, so that no server is left behind.
 */
public final class DiesWithParent {
  private DiesWithParent() {}

  /**
   * Runs the server.
   *
   * @param arguments the parent's process id, the server's main class, then its own arguments
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    ProcessHandle.of(Long.parseLong(arguments[0]))
        .orElseThrow(() -> new IllegalStateException("the parent process is gone"))
        .onExit()
        .thenRun(() -> System.exit(1));
    String[] own = Arrays.copyOfRange(arguments, 2, arguments.length);
    try {
      Class.forName(arguments[1]).getMethod("main", String[].class).invoke(null, (Object) own);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the server did not start", e.getCause());
    }
  }
}
