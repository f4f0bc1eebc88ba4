package io.drivetrain.tests.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** What a Dockerfile says, as far as ours go: one stage, and lists as JSON. Immutable. */
final class Dockerfile {
  private static final Set<String> KNOWN =
      Set.of("FROM", "RUN", "COPY", "ENV", "EXPOSE", "USER", "ENTRYPOINT");
  private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(\"[^\"]*\"|\\S+)");

  /** One instruction, its continued lines joined. */
  record Instruction(String name, String arguments) {}

  /** Files of the repository and where they are in the image. */
  record Copy(String source, String target) {}

  private final String directory;
  private final List<Instruction> instructions = new ArrayList<>();

  Dockerfile(String directory) {
    this.directory = directory;
    String text = Repository.text(directory + "/Dockerfile");
    String joined = text.replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n", " ");
    for (String line : joined.lines().filter(each -> !each.isBlank()).toList()) {
      String[] parts = line.strip().split("\\s+", 2);
      if (!KNOWN.contains(parts[0]) || parts.length < 2) {
        throw new IllegalArgumentException(directory + ": no instruction: " + line);
      }
      instructions.add(new Instruction(parts[0], parts[1].strip()));
    }
  }

  List<Instruction> instructions() {
    return instructions;
  }

  /** The arguments of all instructions of a name. */
  List<String> all(String name) {
    return instructions.stream()
        .filter(each -> each.name().equals(name))
        .map(Instruction::arguments)
        .toList();
  }

  /** The arguments of the only one of that name. */
  String only(String name) {
    List<String> found = all(name);
    if (found.size() != 1) {
      throw new IllegalArgumentException(directory + ": expected one " + name + ", found " + found);
    }
    return found.get(0);
  }

  List<Copy> copies() {
    return all("COPY").stream()
        .map(arguments -> arguments.replaceFirst("^--chown=\\S+\\s+", "").split("\\s+"))
        .map(parts -> new Copy(parts[0], parts[1]))
        .toList();
  }

  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String arguments : all("ENV")) {
      Matcher variable = VARIABLE.matcher(arguments);
      while (variable.find()) {
        environment.put(variable.group(1), variable.group(2).replace("\"", ""));
      }
    }
    return environment;
  }

  List<String> entryPoint() {
    Iterable<?> words = new Yaml().load(only("ENTRYPOINT"));
    List<String> command = new ArrayList<>();
    words.forEach(word -> command.add((String) word));
    return command;
  }

  /** The files in the repository that a source names. */
  static List<Path> matches(String source) {
    Path pattern = Path.of(source);
    PathMatcher name = FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
    Path parent = Repository.ROOT.resolve(pattern).getParent();
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files.filter(file -> name.matches(file.getFileName())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where in the repository a file of the image comes from. */
  Path origin(String inImage) {
    for (Copy copy : copies()) {
      if (inImage.equals(copy.target())) {
        return Repository.ROOT.resolve(copy.source());
      }
      if (inImage.startsWith(copy.target() + "/")) {
        return Repository.ROOT
            .resolve(copy.source())
            .resolve(inImage.substring(copy.target().length() + 1));
      }
    }
    throw new IllegalArgumentException(directory + ": nothing is copied to " + inImage);
  }

  /** What the build may send to the engine. */
  List<String> sent() {
    return Repository.text(directory + "/Dockerfile.dockerignore")
        .lines()
        .filter(line -> line.startsWith("!"))
        .map(line -> line.substring(1))
        .toList();
  }
}
