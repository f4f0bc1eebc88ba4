package io.drivetrain.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server may bring an older Kafka client than the application, and there the older one is used:
 * WildFly 39 has 3.9.1. Exceptions have moved within their hierarchy since, so that the JVM may
 * refuse, at its first use, a class that was compiled against the newer client.
 */
class OldestClientTest {
  private static final String OLDEST = System.getProperty("drivetrain.oldest-kafka-clients");

  @ParameterizedTest
  @ValueSource(strings = {"schema", "connector", "outbox", "migrations", "entity-sync"})
  void the_jvm_accepts_every_class_beside_the_oldest_client(String module) throws Exception {
    List<String> names = classNames(Modules.ROOT.resolve(module).resolve("target/classes"));
    List<String> refused = new ArrayList<>();

    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = besideTheOldestClient()) {
      thread.setContextClassLoader(loader);
      assertThat(clientVersion(loader)).isEqualTo("3.9.1");
      for (String name : names) {
        verify(name, loader, refused);
      }
    } finally {
      thread.setContextClassLoader(before);
    }

    assertThat(names).isNotEmpty();
    assertThat(refused).isEmpty();
  }

  private static void verify(String name, ClassLoader loader, List<String> refused) {
    try {
      Class.forName(name, true, loader);
    } catch (VerifyError e) {
      refused.add(e.getMessage().lines().limit(4).toList().toString());
    } catch (ClassNotFoundException | LinkageError e) {
      // What a server or an optional library would bring is not here; Kafka is.
      if (String.valueOf(e.getMessage()).contains("org/apache/kafka")) {
        refused.add(name + ": " + e);
      }
    }
  }

  private static List<String> classNames(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(file -> directory.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
          .map(file -> file.replace(File.separatorChar, '.').replaceFirst("\\.class$", ""))
          .toList();
    }
  }

  private static URLClassLoader besideTheOldestClient() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    urls.add(Path.of(OLDEST).toUri().toURL());
    for (String entry :
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator))) {
      if (!Path.of(entry).getFileName().toString().startsWith("kafka-clients")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static String clientVersion(ClassLoader loader) throws IOException {
    Properties properties = new Properties();
    properties.load(loader.getResourceAsStream("kafka/kafka-version.properties"));
    return properties.getProperty("version");
  }
}
