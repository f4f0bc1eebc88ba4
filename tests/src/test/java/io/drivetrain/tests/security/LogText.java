package io.drivetrain.tests.security;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Everything that is logged while it is open, with stack traces: by Drivetrain at every level, by
 * Kafka's clients as a server would show it, and more than that by the rest. Any thread writes.
 */
final class LogText extends Handler implements AutoCloseable {
  /** Kept here: the JDK forgets levels of loggers that nobody holds. */
  private final Logger drivetrain = Logger.getLogger("io.drivetrain");

  private final Logger kafka = Logger.getLogger("org.apache.kafka");
  private final Logger root = Logger.getLogger("");
  private final Level drivetrainBefore = drivetrain.getLevel();
  private final Level kafkaBefore = kafka.getLevel();
  private final StringBuffer text = new StringBuffer();

  private LogText() {}

  static LogText captured() {
    LogText log = new LogText();
    log.setLevel(Level.ALL);
    log.listenTo(log.drivetrain, Level.ALL);
    log.listenTo(log.kafka, Level.INFO);
    log.root.addHandler(log);
    return log;
  }

  /** Here alone: the console would drown in it. */
  private void listenTo(Logger logger, Level level) {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
    logger.setLevel(level);
  }

  String text() {
    return text.toString();
  }

  @Override
  public void publish(LogRecord event) {
    StringWriter line = new StringWriter();
    Object[] parameters = event.getParameters();
    line.append(event.getLoggerName()).append(' ');
    line.append(
        parameters == null || parameters.length == 0
            ? event.getMessage()
            : MessageFormat.format(event.getMessage(), parameters));
    line.append('\n');
    if (event.getThrown() != null) {
      event.getThrown().printStackTrace(new PrintWriter(line));
    }
    text.append(line);
  }

  @Override
  public void flush() {
    // nothing is buffered
  }

  @Override
  public void close() {
    root.removeHandler(this);
    leave(drivetrain, drivetrainBefore);
    leave(kafka, kafkaBefore);
  }

  private void leave(Logger logger, Level before) {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    logger.setLevel(before);
  }
}
