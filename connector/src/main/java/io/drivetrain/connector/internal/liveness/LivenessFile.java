package io.drivetrain.connector.internal.liveness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The file that says by its time that an application was alive, and by its first lines whose it is.
 * One thread writes; readers in other processes see a whole file or none.
 */
public final class LivenessFile {
  static final String KEY = "drivetrain.health.liveness-file";

  /** What has not been touched for so long belongs to nobody alive, whoever wrote it. */
  static final Duration STALE = Duration.ofSeconds(60);

  private static final String TITLE = "drivetrain liveness 1";

  private final Path path;
  private final Owner me;

  /** The file of this application in this process. */
  LivenessFile(Path path) {
    this(path, Owner.here());
  }

  LivenessFile(Path path, Owner me) {
    this.path = path;
    this.me = me;
  }

  /** Who writes: an application in a process. The id of a process alone is used again. */
  record Owner(long pid, Instant started, String application) {

    static Owner here() {
      ProcessHandle process = ProcessHandle.current();
      return new Owner(
          process.pid(),
          process.info().startInstant().orElse(Instant.EPOCH),
          UUID.randomUUID().toString());
    }

    /** Whether its process runs; in a container, every first process has the same id. */
    boolean runs() {
      return ProcessHandle.of(pid)
          .filter(process -> process.info().startInstant().map(this::startedAt).orElse(true))
          .isPresent();
    }

    private boolean startedAt(Instant start) {
      // The system counts from its own start, not quite alike for everybody who asks.
      return Duration.between(start, started).abs().compareTo(Duration.ofSeconds(2)) < 0;
    }

    private String line() {
      return pid + " " + started + " " + application;
    }

    private static Owner parse(String line) {
      String[] words = line.split(" ");
      return new Owner(Long.parseLong(words[0]), Instant.parse(words[1]), words[2]);
    }
  }

  /** What a reader finds; the lines say how each channel stood. */
  record Content(Owner owner, Instant touched, List<String> lines) {}

  Path path() {
    return path;
  }

  /**
   * Reads it.
   *
   * @return empty if there is no file
   * @throws IOException if it cannot be read or is no liveness file
   */
  Optional<Content> read() throws IOException {
    try {
      List<String> lines = Files.readAllLines(path);
      Instant touched = Files.getLastModifiedTime(path).toInstant();
      if (lines.size() < 2 || !lines.get(0).equals(TITLE)) {
        throw new IOException(path + " is no liveness file");
      }
      return Optional.of(
          new Content(Owner.parse(lines.get(1)), touched, lines.subList(2, lines.size())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(path + " is no liveness file", e);
    }
  }

  /** The living process that writes this file besides this application, if there is one. */
  Optional<Owner> otherWriter(Instant now) throws IOException {
    return read()
        .filter(content -> !content.owner().equals(me))
        .filter(content -> Duration.between(content.touched(), now).compareTo(STALE) < 0)
        .map(Content::owner)
        .filter(Owner::runs);
  }

  /**
   * Makes sure that it can be written, and removes what a process before left, which would be taken
   * for life.
   *
   * @throws IOException if it cannot be written or another living process writes it
   */
  void claim(Instant now) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException("it is a directory");
    }
    Optional<Owner> other = otherWriter(now);
    if (other.isPresent()) {
      throw new IOException("process " + other.get().pid() + " writes it as well");
    }
    Files.write(temporary(), List.of(TITLE));
    Files.delete(temporary());
    Files.deleteIfExists(path);
  }

  /** Says that this application is alive now, and how each channel stands. */
  void touch(List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(TITLE, me.line()));
    all.addAll(lines);
    Files.write(temporary(), all);
    Files.move(temporary(), path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file, unless it has become somebody else's. */
  void remove() throws IOException {
    Optional<Content> content = read();
    if (content.isPresent() && content.get().owner().equals(me)) {
      Files.deleteIfExists(path);
    }
  }

  private Path temporary() {
    return path.resolveSibling(path.getFileName() + "." + me.application() + ".tmp");
  }
}
