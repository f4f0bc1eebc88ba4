package io.drivetrain.schema.settings;

import java.util.Set;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Texts bound in the server's JNDI as properties: {@code jndi/shop/password} is what is bound to
 * {@code shop/password}, so that another setting may contain <code>${jndi/shop/password}</code>.
 * For secrets that a server keeps encrypted and gives out by name, but not through MicroProfile
 * Config. Looked up anew each time. Thread-safe.
 */
public final class JndiSource implements ConfigSource {
  static final String PREFIX = "jndi/";

  private static final int ORDINAL = 50;

  private final Lookup jndi;

  /** In the naming context of the server. */
  public JndiSource() {
    this(InitialContext::doLookup);
  }

  JndiSource(Lookup jndi) {
    this.jndi = jndi;
  }

  /** How something is looked up by name. */
  @FunctionalInterface
  interface Lookup {
    Object find(String name) throws NamingException;
  }

  @Override
  public String getValue(String property) {
    if (!property.startsWith(PREFIX)) {
      return null;
    }
    String name = property.substring(PREFIX.length());
    Object bound;
    try {
      bound = jndi.find(name);
    } catch (NameNotFoundException absent) {
      return null;
    } catch (NamingException e) {
      throw new SettingsException(property + " cannot be looked up: " + e.getMessage());
    }
    if (bound instanceof String text) {
      return text;
    }
    // Not its value: it may be a password of digits.
    throw new SettingsException(
        property
            + " is bound to a "
            + bound.getClass().getName()
            + "; expected text, which on Open Liberty is in quotes if it looks like a number");
  }

  /** None: what is bound is found by who knows its name. */
  @Override
  public Set<String> getPropertyNames() {
    return Set.of();
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  @Override
  public String getName() {
    return "texts in JNDI";
  }
}
