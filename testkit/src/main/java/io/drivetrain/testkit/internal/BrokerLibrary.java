package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The broker's jars, which lie as resources on the class path of the tests, unpacked once per
 * machine, user and content into the directory for temporary files. Several JVMs may unpack at the
 * same time; a directory becomes visible only when it is complete.
 */
final class BrokerLibrary {
  private static final String RESOURCES = "/io/drivetrain/testkit/broker/";
  private static final String MAIN_CLASS_FILE =
      BrokerMain.class.getName().replace('.', '/') + ".class";

  private BrokerLibrary() {}

  /** The class path of a broker, for {@code java -cp}. */
  static synchronized String classPath() {
    try {
      Map<String, URL> files = files();
      Map<String, Long> sizes = new LinkedHashMap<>();
      for (Map.Entry<String, URL> file : files.entrySet()) {
        sizes.put(file.getKey(), size(file.getValue()));
      }
      Path directory = cache().resolve("kafka-" + fingerprint(sizes));
      if (!isComplete(directory, sizes)) {
        unpack(files, directory, sizes);
      }
      return directory + java.io.File.pathSeparator + directory.resolve("*");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the broker: " + e.getMessage(), e);
    }
  }

  private static Map<String, URL> files() throws IOException {
    Map<String, URL> files = new LinkedHashMap<>();
    for (String element : text("class-path").split(":")) {
      String jar = element.substring(element.lastIndexOf('/') + 1).strip();
      files.put(jar, resource(RESOURCES + jar));
    }
    files.put(MAIN_CLASS_FILE, resource("/" + MAIN_CLASS_FILE));
    return files;
  }

  private static String text(String name) throws IOException {
    try (InputStream in = resource(RESOURCES + name).openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static URL resource(String name) {
    URL url = BrokerLibrary.class.getResource(name);
    if (url == null) {
      throw new IllegalStateException(
          name
              + " is not on the class path; add the artifact io.drivetrain:drivetrain-testkit-broker");
    }
    return url;
  }

  static long size(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      long length = connection.getContentLengthLong();
      return length >= 0 ? length : in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static String fingerprint(Map<String, Long> sizes) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(sizes.toString().getBytes(StandardCharsets.UTF_8));
      // The one file whose content changes without its size or name.
      try (InputStream in = resource("/" + MAIN_CLASS_FILE).openStream()) {
        digest.update(in.readAllBytes());
      }
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A directory of this user only: nobody else may put a jar there that our broker would run. */
  static Path cache() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path cache = temporary.resolve("drivetrain-testkit-" + System.getProperty("user.name"));
    if (!Files.isDirectory(cache)) {
      Path mine = Files.createTempDirectory("drivetrain-testkit");
      try {
        Files.move(mine, cache, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException existsNow) {
        Files.deleteIfExists(mine);
      }
    }
    Path probe = Files.createTempFile(cache, "owner", null);
    try {
      if (!Files.getOwner(probe).equals(Files.getOwner(cache))) {
        throw new IOException(cache + " belongs to somebody else; remove it or set java.io.tmpdir");
      }
    } finally {
      Files.delete(probe);
    }
    return cache;
  }

  private static boolean isComplete(Path directory, Map<String, Long> sizes) throws IOException {
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (!Files.isRegularFile(path) || Files.size(path) != file.getValue()) {
        return false;
      }
    }
    return true;
  }

  private static void unpack(Map<String, URL> files, Path directory, Map<String, Long> sizes)
      throws IOException {
    Path unfinished = directory.resolveSibling("unfinished-" + UUID.randomUUID());
    try {
      for (Map.Entry<String, URL> file : files.entrySet()) {
        Path path = unfinished.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        try (InputStream in = file.getValue().openStream()) {
          Files.copy(in, path);
        }
      }
      if (Files.isDirectory(directory) && !isComplete(directory, sizes)) {
        // Cleaners of temporary directories delete single old files.
        Files.move(directory, unfinished.resolve("broken"), StandardCopyOption.ATOMIC_MOVE);
        Directories.delete(unfinished.resolve("broken"));
      }
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!isComplete(directory, sizes)) {
        throw e;
      }
    } finally {
      Directories.delete(unfinished);
    }
  }
}
