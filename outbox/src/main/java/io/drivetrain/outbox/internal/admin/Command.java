package io.drivetrain.outbox.internal.admin;

import io.drivetrain.outbox.OutboxAdmin;
import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Scope;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.ParkReason;
import io.drivetrain.schema.platform.CommandLine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.postgresql.ds.PGSimpleDataSource;

/** The command {@code java -jar drivetrain-outbox-<version>-runner.jar}. */
public final class Command {
  private static final String TOPIC = "--topic";
  private static final String KEY = "--key";
  private static final String KEY_HEX = "--key-hex";
  private static final String REASON = "--reason";
  private static final String AFTER = "--after";
  private static final String LIMIT = "--limit";
  private static final String SHARD = "--shard";
  private static final String BECAUSE = "--because";
  private static final String ALL = "--all";
  private static final List<String> OPTIONS =
      List.of(TOPIC, KEY, KEY_HEX, REASON, AFTER, LIMIT, SHARD, BECAUSE);

  private static final int OK = 0;
  private static final int NOTHING = 1;
  private static final int WRONG_USAGE = 2;
  private static final int FAILED = 3;

  private final OutboxAdmin admin;
  private final CommandLine line;
  private final PrintStream out;

  private Command(OutboxAdmin admin, CommandLine line, PrintStream out) {
    this.admin = admin;
    this.line = line;
    this.out = out;
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args, System.getenv(), System.out, System.err));
  }

  /**
   * Runs one command.
   *
   * @return the exit code
   */
  static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (args.length == 0 || Arrays.asList(args).contains("--help") || args[0].equals("help")) {
      out.print(Usage.TEXT);
      return args.length == 0 ? WRONG_USAGE : OK;
    }
    try {
      CommandLine line = CommandLine.of(args, environment, OPTIONS, List.of(ALL));
      return new Command(admin(line), line, out).run();
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println("See --help.");
      return WRONG_USAGE;
    } catch (IllegalStateException e) {
      err.println(e.getMessage());
      return NOTHING;
    } catch (OutboxException e) {
      err.println(e.getMessage());
      return e.getCause() instanceof SQLException cause && isAway(cause) ? FAILED : NOTHING;
    }
  }

  private static boolean isAway(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("28") || state.startsWith("57P");
  }

  private static OutboxAdmin admin(CommandLine line) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(line.url());
    dataSource.setUser(line.user());
    dataSource.setPassword(line.password());
    return new Administration(dataSource, line.schema(), TopicKeys.plain(), () -> {}, () -> {});
  }

  private int run() {
    return switch (line.command()) {
      case "parked" -> parked();
      case "peek" -> peek(id());
      case "retry" -> retry();
      case "park" -> park();
      case "discard" -> discard();
      case "blocked" -> blocked();
      case "unblock" -> unblock();
      case "scheduled" -> scheduled();
      case "cancel" -> cancel();
      case "deliver" -> deliver();
      case "pauses" -> pauses();
      case "pause" -> pause();
      case "resume" -> resume();
      default -> throw new IllegalArgumentException("'" + line.command() + "' is not a command");
    };
  }

  private Filter filter() {
    Filter filter = Filter.all();
    if (line.value(TOPIC).isPresent()) {
      filter = filter.topic(line.required(TOPIC));
    }
    if (hasKey()) {
      filter = filter.key(key());
    }
    if (line.value(REASON).isPresent()) {
      filter = filter.reason(reason(line.required(REASON)));
    }
    if (line.value(AFTER).isPresent()) {
      filter = filter.after(number(AFTER, line.required(AFTER)));
    }
    if (line.value(LIMIT).isPresent()) {
      filter = filter.limit((int) Math.min(Integer.MAX_VALUE, number(LIMIT, line.required(LIMIT))));
    }
    return filter;
  }

  private int parked() {
    Filter filter = filter();
    List<OutboxAdmin.Parked> rows = admin.parked(filter);
    for (OutboxAdmin.Parked row : rows) {
      out.printf(
          "%d  %s  topic %s  key %s  %s after %d attempts, parked %s: %s%n",
          row.id(),
          size(row.bytes()),
          row.topic(),
          row.key().map(Object::toString).orElse("none"),
          row.reason().word(),
          row.attempts(),
          row.parked(),
          row.error());
    }
    return page(rows.size(), filter, rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id(), "rows");
  }

  private int page(int size, Filter filter, long last, String what) {
    if (size == filter.limit()) {
      out.printf("The next ones: --after %d%n", last);
    } else {
      out.printf("%d %s%n", size, what);
    }
    return OK;
  }

  private int scheduled() {
    Filter filter = filter();
    List<OutboxAdmin.Scheduled> events = admin.scheduled(filter);
    for (OutboxAdmin.Scheduled event : events) {
      out.printf(
          "%d  due %s  %s  topic %s  key %s  published %s%n",
          event.id(),
          event.due(),
          size(event.bytes()),
          event.topic(),
          event.key().map(Object::toString).orElse("none"),
          event.published());
    }
    long last = events.isEmpty() ? 0 : events.get(events.size() - 1).id();
    return page(events.size(), filter, last, "events for later");
  }

  private int cancel() {
    if (line.argument().isPresent()) {
      return one(admin.cancel(id()), "event for later", "is cancelled");
    }
    int events = admin.cancelKey(line.required(TOPIC), key());
    out.printf("%d events for later are cancelled%n", events);
    return events > 0 ? OK : NOTHING;
  }

  private int deliver() {
    return one(admin.deliverNow(id()), "event for later", "is delivered now");
  }

  private static String size(int bytes) {
    return bytes < 0 ? "tombstone" : bytes + " bytes";
  }

  private static ParkReason reason(String word) {
    for (ParkReason reason : ParkReason.values()) {
      if (reason.word().equals(word)) {
        return reason;
      }
    }
    throw new IllegalArgumentException(
        REASON
            + " is '"
            + word
            + "'; expected one of "
            + Arrays.stream(ParkReason.values())
                .map(ParkReason::word)
                .collect(Collectors.joining(", ")));
  }

  private int peek(long id) {
    OutboxAdmin.Peeked peeked =
        admin.peek(id).orElseThrow(() -> new IllegalStateException("There is no parked row " + id));
    OutboxAdmin.Parked row = peeked.row();
    out.printf("id         %d%n", row.id());
    out.printf("topic      %s%n", row.topic());
    row.partition().ifPresent(partition -> out.printf("partition  %d%n", partition));
    out.printf("key        %s%n", row.key().map(Object::toString).orElse("none"));
    peeked.timestamp().ifPresent(timestamp -> out.printf("timestamp  %s%n", timestamp));
    out.printf("published  %s%n", row.published());
    out.printf("parked     %s%n", row.parked());
    out.printf("reason     %s%n", row.reason().word());
    out.printf("error      %s%n", row.error());
    out.printf("attempts   %d%n", row.attempts());
    peeked
        .headers()
        .forEach(
            header ->
                out.printf(
                    "header     %s = %s%n",
                    header.name(), header.value().map(Object::toString).orElse("null")));
    out.printf("value      %s%n", peeked.value().map(Object::toString).orElse("none: a tombstone"));
    return OK;
  }

  private int retry() {
    if (line.argument().isPresent()) {
      return one(admin.retry(id()), "parked row", "is sent again");
    }
    String topic = line.required(TOPIC);
    int rows = hasKey() ? admin.retryKey(topic, key()) : admin.retryTopic(topic);
    out.printf("%d rows are sent again%n", rows);
    return rows > 0 ? OK : NOTHING;
  }

  private int park() {
    if (!admin.park(id())) {
      throw new IllegalStateException("No row " + id() + " waits");
    }
    out.printf("Row %d is parked%n", id());
    return OK;
  }

  private int discard() {
    if (line.argument().isPresent()) {
      return one(admin.discard(id()), "parked row", "is discarded");
    }
    int rows = admin.discardKey(line.required(TOPIC), key());
    out.printf("%d rows are discarded%n", rows);
    return rows > 0 ? OK : NOTHING;
  }

  private int one(boolean done, String kind, String what) {
    if (!done) {
      throw new IllegalStateException("There is no " + kind + " " + id());
    }
    out.printf("%s %d %s%n", kind.startsWith("event") ? "Event" : "Row", id(), what);
    return OK;
  }

  private int blocked() {
    List<OutboxAdmin.BlockedKey> keys = admin.blocked();
    keys.forEach(
        key ->
            out.printf(
                "topic %s  key %s  since %s, by row %d%n",
                key.topic(), key.key(), key.since(), key.row()));
    out.printf("%d keys%n", keys.size());
    return OK;
  }

  private int unblock() {
    OptionalLong rows = admin.unblock(line.required(TOPIC), key());
    if (rows.isEmpty()) {
      throw new IllegalStateException("The key is not blocked");
    }
    out.printf("The key goes on; %d parked rows are sent first%n", rows.getAsLong());
    return OK;
  }

  private int pauses() {
    List<OutboxAdmin.Pause> pauses = admin.pauses();
    for (OutboxAdmin.Pause pause : pauses) {
      String shards =
          pause.shards().stream().map(Object::toString).collect(Collectors.joining(", "));
      out.printf(
          "%s%s  %s since %s%s%n",
          pause.topic().map(topic -> "topic " + topic).orElse("everything"),
          shards.isEmpty() ? "" : " in shard " + shards,
          pause.stoppedAt().isPresent()
              ? "stopped at row " + pause.stoppedAt().getAsLong()
              : "paused",
          pause.since(),
          pause.reason().map(reason -> ": " + reason).orElse(""));
    }
    out.printf("%d pauses%n", pauses.size());
    return OK;
  }

  private int pause() {
    Scope scope = scope();
    boolean paused = admin.pause(scope, line.value(BECAUSE).orElse(null));
    out.printf(paused ? "Paused: %s%n" : "It was paused already: %s%n", scope);
    return paused ? OK : NOTHING;
  }

  private int resume() {
    Scope scope = scope();
    boolean resumed = admin.resume(scope);
    out.printf(resumed ? "Resumed: %s%n" : "It was not paused: %s%n", scope);
    pauses();
    return resumed ? OK : NOTHING;
  }

  private Scope scope() {
    Integer shard =
        line.value(SHARD).map(text -> (int) Math.min(64, number(SHARD, text))).orElse(null);
    String topic = line.value(TOPIC).orElse(null);
    if (line.has(ALL) == (topic != null || shard != null)) {
      throw new IllegalArgumentException("Expected --all, --topic T, --shard N, or the last two");
    }
    return new Scope(topic, shard);
  }

  private long id() {
    return number(
        "ID", line.argument().orElseThrow(() -> new IllegalArgumentException("ID is missing")));
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "'; expected a whole number", e);
    }
  }

  private boolean hasKey() {
    return line.value(KEY).isPresent() || line.value(KEY_HEX).isPresent();
  }

  private byte[] key() {
    if (line.value(KEY_HEX).isPresent()) {
      try {
        return HexFormat.of().parseHex(line.required(KEY_HEX));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            KEY_HEX + " is '" + line.required(KEY_HEX) + "'; expected bytes such as 0a1b", e);
      }
    }
    return line.value(KEY)
        .orElseThrow(() -> new IllegalArgumentException("--key or --key-hex is missing"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
