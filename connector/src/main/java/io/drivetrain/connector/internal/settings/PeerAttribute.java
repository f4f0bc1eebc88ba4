package io.drivetrain.connector.internal.settings;

import java.util.Set;

/**
 * An attribute of {@code smallrye-kafka} or {@code liberty-kafka} that means nothing here, and what
 * becomes of a channel that has it; docs/coming-from-smallrye.md lists them. Immutable.
 *
 * @param name the key after {@code mp.messaging.incoming.<channel>.}; one that ends with a star
 *     stands for all that begin so
 * @param values for which values this counts; empty for all
 * @param fate what becomes of the channel
 * @param instead what happens here, and what to write
 */
record PeerAttribute(String name, Set<String> values, Fate fate, String instead) {

  /** What becomes of a channel. */
  enum Fate {
    /** What the value asks for happens anyway. */
    SAME("as before"),
    /** It is deployed, and a warning says why the attribute does nothing. */
    WITHOUT_EFFECT("warning"),
    /**
     * It is not deployed: records could be lost, reordered or failed in another way than before.
     */
    REFUSED("error");

    private final String text;

    Fate(String text) {
      this.text = text;
    }

    /** In the documentation. */
    String text() {
      return text;
    }
  }

  static PeerAttribute same(String name, String... values) {
    return new PeerAttribute(name, Set.of(values), Fate.SAME, "");
  }

  static PeerAttribute withoutEffect(String name, String instead) {
    return new PeerAttribute(name, Set.of(), Fate.WITHOUT_EFFECT, instead);
  }

  static PeerAttribute refused(String name, String instead) {
    return new PeerAttribute(name, Set.of(), Fate.REFUSED, instead);
  }

  PeerAttribute with(String value) {
    return new PeerAttribute(name, Set.of(value), fate, instead);
  }

  boolean isNamed(String key) {
    return name.endsWith("*")
        ? key.startsWith(name.substring(0, name.length() - 1))
        : key.equals(name);
  }

  boolean applies(String value) {
    return values.isEmpty() || values.contains(value);
  }
}
