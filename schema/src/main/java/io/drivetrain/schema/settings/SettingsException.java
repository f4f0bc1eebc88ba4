package io.drivetrain.schema.settings;

/**
 * A setting that cannot be used; the message names its full key, the value found and what is
 * allowed.
 */
public class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The whole sentence an operator reads. */
  public SettingsException(String message) {
    super(message);
  }

  /** {@code key is 'value'; expected expected}, without the value if the key holds a secret. */
  public static SettingsException of(String key, String value, String expected) {
    String shown = Secrets.isSecret(key) ? Secrets.MASK : value;
    return new SettingsException(key + " is '" + shown + "'; expected " + expected);
  }
}
