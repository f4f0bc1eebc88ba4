package io.drivetrain.schema.settings;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/**
 * Keeps one thing per {@link Config}, and so per application, for as long as that lives: also where
 * this library is shared by several applications. What is kept must not hold the {@code Config} or
 * {@link Settings} of it. Thread-safe.
 */
public final class PerConfig<T> {
  private final Map<Config, T> kept = Collections.synchronizedMap(new WeakHashMap<>());
  private final Function<Settings, T> make;

  /**
   * Keeps nothing yet.
   *
   * @param make makes the thing of an application; it is not made twice
   */
  public PerConfig(Function<Settings, T> make) {
    this.make = make;
  }

  /** The one of this application; settings below a prefix count as those of their root. */
  public T of(Settings settings) {
    return kept.computeIfAbsent(settings.config(), config -> make.apply(Settings.of(config)));
  }
}
