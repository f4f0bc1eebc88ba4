package io.drivetrain.avro.internal;

import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.KeyCodec;
import io.drivetrain.schema.RegistryUnavailableException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.platform.Backoff;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Asks registries for what will be needed, once the application has started and until they answer,
 * so that later no transaction depends on them. Its thread owns the list of what is left.
 */
@ApplicationScoped
public class SchemasAhead {
  private static final Logger LOG = System.getLogger(SchemasAhead.class.getName());
  private static final String BEGIN = "drivetrain.topics.";
  private static final String END = ".codec";

  private Thread thread;

  /** For the container. */
  public SchemasAhead() {}

  synchronized void start(@Observes @Priority(100) Startup event) {
    List<TopicFormat> formats = formats(Settings.of(ConfigProvider.getConfig()));
    if (!formats.isEmpty()) {
      thread = ContainerThreads.find().newThread("drivetrain-schemas", () -> run(formats));
      thread.start();
    }
  }

  /** Of the topics in Avro that configuration names; the list may be changed. */
  static List<TopicFormat> formats(Settings root) {
    List<TopicFormat> formats = new ArrayList<>();
    for (String key : root.keys()) {
      if (key.startsWith(BEGIN)
          && key.endsWith(END)
          && key.length() > BEGIN.length() + END.length()
          && root.text(key, "").equals("avro")) {
        formats.add(
            TopicFormat.of(root, key.substring(BEGIN.length(), key.length() - END.length())));
      }
    }
    return formats;
  }

  private static void run(List<TopicFormat> left) {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    boolean told = false;
    try {
      while (true) {
        RegistryUnavailableException away = pass(left);
        if (away == null) {
          LOG.log(told ? Level.INFO : Level.DEBUG, "all schemas are known");
          return;
        }
        if (!told) {
          LOG.log(
              Level.WARNING,
              "{0}; schemas not known yet are asked for again, and until then what needs them"
                  + " fails or waits",
              away.getMessage());
          told = true;
        }
        Thread.sleep(backoff.failed().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prepares what is left; null if nothing is any more. */
  static RegistryUnavailableException pass(List<TopicFormat> left) throws InterruptedException {
    RegistryUnavailableException away = null;
    for (Iterator<TopicFormat> formats = left.iterator(); formats.hasNext(); ) {
      TopicFormat format = formats.next();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      try {
        prepare(format);
        formats.remove();
      } catch (RegistryUnavailableException e) {
        away = e;
      } catch (CodecException e) {
        formats.remove();
        // Whoever publishes hears it, too.
        LOG.log(Level.WARNING, "topic {0}: {1}", format.topic(), e.getMessage());
      }
    }
    return away;
  }

  private static void prepare(TopicFormat format) {
    if (format.values() instanceof AvroCodec values) {
      values.prepare();
    }
    KeyCodec keys = format.keys().orElse(null);
    if (keys instanceof AvroKeyCodec avro) {
      avro.prepare();
    }
  }

  void destroyed(@Observes @Priority(50) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  void shutdown(@Observes @Priority(50) Shutdown event) {
    stop();
  }

  private synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
