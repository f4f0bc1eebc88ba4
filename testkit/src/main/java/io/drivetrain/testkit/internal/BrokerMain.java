package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main class of a broker's own JVM: formats its directory when asked to and then runs Kafka. A
 * thread waits for the end of standard input, which the operating system brings when the JVM of the
 * tests is gone, whatever ended it; it then removes the directory and halts. Needs no class but the
 * JDK's and Kafka's, because its class file is copied next to the broker's jars.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * Runs a broker.
   *
   * @param args the server.properties file, its data to remove with the parent, the parent's
   *     process id, and optionally a cluster id to format the directory with
   */
  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(() -> endWithParent(Path.of(args[1]), Long.parseLong(args[2])));
    watch.setName("end-with-parent");
    watch.setDaemon(true);
    watch.start();
    if (args.length > 3) {
      format(args[0], args[3]);
    }
    Class.forName("kafka.Kafka")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[] {args[0]});
  }

  private static void format(String properties, String clusterId) throws Exception {
    String[] arguments = {"format", "-t", clusterId, "-c", properties, "--ignore-formatted"};
    Method execute =
        Class.forName("kafka.tools.StorageTool")
            .getMethod("execute", String[].class, PrintStream.class);
    Object status = execute.invoke(null, arguments, System.out);
    if (!Integer.valueOf(0).equals(status)) {
      throw new IllegalStateException(
          "kafka-storage " + Arrays.toString(arguments) + " ended with " + status);
    }
  }

  private static void endWithParent(Path directory, long parent) {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException closed) {
      System.err.println("standard input failed: " + closed);
    }
    if (isGoneSoon(parent)) {
      delete(directory);
    }
    // Not exit: shutdown hooks of a broker wait for controllers and clients that are gone as well.
    Runtime.getRuntime().halt(143);
  }

  private static boolean isGoneSoon(long pid) {
    for (int i = 0; i < 50; i++) {
      if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
        return true;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        return false;
      }
    }
    return false;
  }

  private static void delete(Path directory) {
    // Twice: the broker still runs and may add a file behind the first walk.
    for (int i = 0; i < 2; i++) {
      try (Stream<Path> tree = Files.walk(directory)) {
        List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        for (Path path : deepestFirst) {
          Files.deleteIfExists(path);
        }
      } catch (IOException | UncheckedIOException busy) {
        System.err.println("not yet deleted: " + busy);
      }
    }
  }
}
