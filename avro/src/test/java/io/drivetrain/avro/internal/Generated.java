package io.drivetrain.avro.internal;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificRecord;

/** Classes that Avro's compiler makes of schemas, as users have made at build time. */
public final class Generated implements AutoCloseable {
  private final URLClassLoader loader;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  private Generated(Path classes) throws IOException {
    loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(loader);
  }

  /** Makes them in a directory, and known to the calling thread until closed. */
  public static Generated of(Path directory, Schema schema) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    SpecificCompiler compiler = new SpecificCompiler(schema);
    compiler.setStringType(GenericData.StringType.String);
    compiler.compileToDestination(null, sources.toFile());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path")));
    try (Stream<Path> tree = Files.walk(sources)) {
      tree.map(Path::toFile).filter(File::isFile).map(File::toString).forEach(arguments::add);
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException("the generated classes do not compile");
    }
    return new Generated(classes);
  }

  /** A class. */
  public Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }

  /** A new instance with these fields set. */
  public SpecificRecord instance(String name, Object... fieldsAndValues) throws Exception {
    SpecificRecord record = (SpecificRecord) type(name).getDeclaredConstructor().newInstance();
    for (int i = 0; i < fieldsAndValues.length; i += 2) {
      record.put(
          record.getSchema().getField((String) fieldsAndValues[i]).pos(), fieldsAndValues[i + 1]);
    }
    return record;
  }

  @Override
  public void close() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }
}
