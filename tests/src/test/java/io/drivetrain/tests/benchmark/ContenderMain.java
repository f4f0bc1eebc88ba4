package io.drivetrain.tests.benchmark;

import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The main class of a contender's own JVM. */
public final class ContenderMain {
  /** Held, because loggers that nobody holds forget their level. */
  private static final List<Logger> QUIET =
      List.of(Logger.getLogger(""), Logger.getLogger("io.drivetrain"));

  private ContenderMain() {}

  /**
   * Consumes the topic once per round, each time in a new group, and prints the figures of each.
   *
   * @param arguments the contender, bootstrap servers, topic
   */
  public static void main(String[] arguments) throws Exception {
    QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    Contender contender = Contender.valueOf(arguments[0]);
    Peer peer = peer(contender.library());
    for (int round = 0; round < contender.race().rounds(); round++) {
      Sink.current = Sink.of(contender, contender.race().records());
      peer.run(contender.name(), arguments[1], arguments[2], "benchmark-" + UUID.randomUUID());
      System.out.println(Sink.current.await().toLine());
      System.out.flush();
    }
    // Threads of a library that linger must not keep the table waiting.
    Runtime.getRuntime().halt(0);
  }

  private static Peer peer(Contender.Library library) throws ReflectiveOperationException {
    return switch (library) {
      case RAW -> new RawPeer();
      case DRIVETRAIN -> new WeldPeer("drivetrain");
      case SMALLRYE -> new WeldPeer("smallrye-kafka");
      case SPRING -> external("SpringPeer");
      case PARALLEL_CONSUMER -> external("ParallelConsumerPeer");
    };
  }

  /** One that only the profile {@code benchmark} compiles. */
  private static Peer external(String name) throws ReflectiveOperationException {
    return (Peer)
        Class.forName(ContenderMain.class.getPackageName() + "." + name)
            .getDeclaredConstructor()
            .newInstance();
  }
}
