package io.drivetrain.openliberty;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of the server's JVM: runs Liberty's own main class, and ends the JVM when the
 * process that started it is gone, also after a SIGKILL, so that no server is left behind.
 */
public final class DiesWithParent {
  private static final String LIBERTY = "com.ibm.ws.kernel.boot.cmdline.EnvCheck";

  private DiesWithParent() {}

  /**
   * Runs the server.
   *
   * @param arguments the parent's process id, then Liberty's own arguments
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    ProcessHandle.of(Long.parseLong(arguments[0]))
        .orElseThrow(() -> new IllegalStateException("the parent process is gone"))
        .onExit()
        .thenRun(() -> System.exit(1));
    String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      Class.forName(LIBERTY).getMethod("main", String[].class).invoke(null, (Object) own);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("Liberty did not start", e.getCause());
    }
  }
}
