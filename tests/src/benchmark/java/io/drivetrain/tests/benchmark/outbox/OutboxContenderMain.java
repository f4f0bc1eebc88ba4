package io.drivetrain.tests.benchmark.outbox;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The main class of a contender's own JVM; one line of figures for each round. */
public final class OutboxContenderMain {
  /** Held, because loggers that nobody holds forget their level. */
  private static final List<Logger> QUIET =
      List.of(Logger.getLogger(""), Logger.getLogger("io.drivetrain"));

  private OutboxContenderMain() {}

  /**
   * Runs its rounds.
   *
   * @param arguments contender, bootstrap servers, user, password, then URL and topic of each round
   */
  public static void main(String[] arguments) throws Exception {
    QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    OutboxContender contender = OutboxContender.valueOf(arguments[0]);
    for (int i = 4; i < arguments.length; i += 2) {
      Site site =
          new Site(arguments[i], arguments[2], arguments[3], arguments[1], arguments[i + 1]);
      site.execute(
          "create table account (id int primary key, balance bigint not null)",
          "insert into account select n, 0 from generate_series(0, "
              + (Measurement.ACCOUNTS - 1)
              + ") n",
          "analyze account");
      try (Relay relay = contender.library().over(site)) {
        relay.prepare();
        System.out.println(new Measurement(contender, relay).run().toLine());
        System.out.flush();
      } catch (Exception | Error e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }
    // Threads of a library that linger must not keep the table waiting.
    Runtime.getRuntime().halt(0);
  }
}
