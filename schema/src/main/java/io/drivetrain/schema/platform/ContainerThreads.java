package io.drivetrain.schema.platform;

import java.util.concurrent.ThreadFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Makes the long-lived threads of Drivetrain: from the container's ManagedThreadFactory, so that
 * JNDI, JTA and the application's class loader work on them, or plain daemon threads with the
 * caller's class loader in Java SE. Create it on a thread of the application, during its start-up.
 * Thread-safe.
 */
public final class ContainerThreads {
  private static final String MANAGED = "java:comp/DefaultManagedThreadFactory";

  private final ThreadFactory factory;
  private final ClassLoader loader;
  private final boolean managed;

  private ContainerThreads(ThreadFactory factory, boolean managed) {
    this.factory = factory;
    this.loader = Thread.currentThread().getContextClassLoader();
    this.managed = managed;
  }

  /** The threads of the container this is called in. */
  public static ContainerThreads find() {
    try {
      // ManagedThreadFactory is a ThreadFactory: no Jakarta Concurrency class is needed, so this
      // also loads in Java SE.
      return new ContainerThreads((ThreadFactory) new InitialContext().lookup(MANAGED), true);
    } catch (NamingException e) {
      return new ContainerThreads(Thread::new, false);
    }
  }

  /** A new, unstarted daemon thread. */
  public Thread newThread(String name, Runnable work) {
    Thread thread = factory.newThread(work);
    thread.setName(name);
    if (!managed) {
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
    }
    return thread;
  }
}
