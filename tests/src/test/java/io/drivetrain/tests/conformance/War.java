package io.drivetrain.tests.conformance;

import io.drivetrain.connector.Channels;
import io.drivetrain.schema.Codec;
import io.drivetrain.tests.conformance.app.Recorder;
import io.drivetrain.tests.conformance.app.RecorderBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * An exploded WAR, made as a user's build would: the connector, a Kafka client and SLF4J in {@code
 * WEB-INF/lib}, the application's classes and settings in {@code WEB-INF/classes}. All classes of
 * the package {@code app} are in it; those that are not beans of the application are excluded.
 */
final class War {
  private static final List<String> LIBRARIES =
      List.of("kafka-clients", "zstd-jni", "lz4-java", "snappy-java", "slf4j-api", "slf4j-jdk14");

  private War() {}

  static void write(Application application, Path directory) {
    try {
      Path lib = Files.createDirectories(directory.resolve("WEB-INF/lib"));
      Path classes = Files.createDirectories(directory.resolve("WEB-INF/classes/META-INF"));
      for (String artifact : LIBRARIES) {
        Libraries.named(artifact).forEach(jar -> Libraries.link(jar, lib));
      }
      library("drivetrain-connector", Libraries.of(Channels.class), lib);
      library("drivetrain-schema", Libraries.of(Codec.class), lib);
      List<String> excluded = copyClasses(application, classes.getParent());
      Files.writeString(directory.resolve("WEB-INF/beans.xml"), beansXml(excluded));
      Properties settings = new Properties();
      settings.putAll(application.settings());
      try (OutputStream out =
          Files.newOutputStream(classes.resolve("microprofile-config.properties"))) {
        settings.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the classes that are no beans of this application. */
  private static List<String> copyClasses(Application application, Path classes)
      throws IOException {
    String packageName = Recorder.class.getPackageName();
    Path from = Libraries.of(Recorder.class).resolve(packageName.replace('.', '/'));
    Path to = Files.createDirectories(classes.resolve(packageName.replace('.', '/')));
    List<String> beans = new ArrayList<>(List.of(RecorderBean.class.getName()));
    application.beans().forEach(bean -> beans.add(bean.getName()));
    List<String> excluded = new ArrayList<>();
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        Libraries.link(file, to);
        String type = packageName + "." + name.replaceAll("\\.class$", "");
        if (!beans.contains(type) && !type.endsWith(".package-info")) {
          excluded.add(type);
        }
      }
    }
    return excluded;
  }

  private static String beansXml(List<String> excluded) {
    StringBuilder xml =
        new StringBuilder(
            "<beans xmlns='https://jakarta.ee/xml/ns/jakartaee' version='4.0'"
                + " bean-discovery-mode='annotated'><scan>");
    excluded.forEach(name -> xml.append("<exclude name='").append(name).append("'/>"));
    return xml.append("</scan></beans>").toString();
  }

  private static void library(String name, Path from, Path lib) throws IOException {
    if (!Files.isDirectory(from)) {
      Libraries.link(from, lib);
      return;
    }
    try (JarOutputStream jar =
            new JarOutputStream(Files.newOutputStream(lib.resolve(name + ".jar")));
        Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        jar.putNextEntry(new JarEntry(from.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }
}
