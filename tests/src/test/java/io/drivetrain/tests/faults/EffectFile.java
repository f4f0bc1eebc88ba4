package io.drivetrain.tests.faults;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the effects of all nodes go, in the order in which they happen: a file that every node
 * appends to, with one call of the operating system per line, so that a line outlives a SIGKILL of
 * its writer and lines of several processes never mix. A line that its writer's death cut off is no
 * effect. Thread-safe.
 */
final class EffectFile implements AutoCloseable {
  /** Ends every whole line. */
  private static final String END = " .";

  private final Path path;
  private final FileOutputStream out;

  // Guarded by this: what has been read.
  private final List<Effect> effects = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long position;
  private String rest = "";

  EffectFile(Path path) {
    this.path = path;
    try {
      this.out = new FileOutputStream(path.toFile(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record was processed. */
  void effect(Effect effect) {
    append(
        "effect "
            + effect.partition()
            + " "
            + effect.offset()
            + " "
            + effect.key()
            + " "
            + effect.owner());
  }

  /** Something else happened. */
  void note(String words) {
    append("note " + words);
  }

  private void append(String line) {
    try {
      // A new line first, because the line before may have been cut off.
      out.write(("\n" + line + END + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All effects until now. */
  synchronized List<Effect> effects() {
    read();
    return List.copyOf(effects);
  }

  /** How many effects there are until now. */
  synchronized int count() {
    read();
    return effects.size();
  }

  /** All notes until now. */
  synchronized List<String> notes() {
    read();
    return List.copyOf(notes);
  }

  private void read() {
    try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
      byte[] added = new byte[Math.toIntExact(Files.size(path) - position)];
      in.seek(position);
      in.readFully(added);
      position += added.length;
      String text = rest + new String(added, StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      rest = text.substring(end);
      text.substring(0, end).lines().filter(line -> line.endsWith(END)).forEach(this::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(String line) {
    String words = line.substring(0, line.length() - END.length());
    if (words.startsWith("note ")) {
      notes.add(words.substring("note ".length()));
      return;
    }
    String[] parts = words.split(" ");
    effects.add(
        new Effect(Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3], parts[4]));
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
