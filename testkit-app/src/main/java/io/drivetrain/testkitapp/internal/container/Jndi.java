package io.drivetrain.testkitapp.internal.container;

import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;

/** JNDI out of a map, one for the JVM. Thread-safe; public for the JDK, which makes it by name. */
public final class Jndi implements InitialContextFactory {
  private static final Map<String, Object> NAMES = new ConcurrentHashMap<>();

  /** For the JDK. */
  public Jndi() {}

  /** Makes a name known; the JVM looks names up here from now on, unless it does elsewhere. */
  public static void bind(String name, Object object) {
    if (System.getProperty(Context.INITIAL_CONTEXT_FACTORY) == null) {
      System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Jndi.class.getName());
    }
    NAMES.put(name, object);
  }

  /** Forgets all names. */
  public static void clear() {
    NAMES.clear();
  }

  @Override
  public Context getInitialContext(Hashtable<?, ?> environment) {
    return (Context)
        Proxy.newProxyInstance(
            Jndi.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("lookup")) {
                return null;
              }
              Object found = NAMES.get(String.valueOf(arguments[0]));
              if (found == null) {
                throw new NameNotFoundException(String.valueOf(arguments[0]));
              }
              return found;
            });
  }
}
