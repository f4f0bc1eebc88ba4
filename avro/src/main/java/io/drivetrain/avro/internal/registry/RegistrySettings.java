package io.drivetrain.avro.internal.registry;

import io.drivetrain.schema.settings.Secrets;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What configuration says of one registry, {@code drivetrain.schema-registry.*} or, of one with a
 * name, {@code drivetrain.schema-registry.<name>.*}. Holds secrets. Immutable.
 *
 * @param urls of the same registry, tried in this order
 * @param authorization the header's value, if there is one
 * @param timeout of one request
 * @param registers whether schemas it does not know are registered
 */
public record RegistrySettings(
    List<URI> urls, Optional<String> authorization, Duration timeout, boolean registers) {
  /** Where they are. */
  public static final String PREFIX = "drivetrain.schema-registry.";

  private static final String URL = "url";
  private static final String USER = "username";
  private static final String PASSWORD = "password";
  private static final String TOKEN = "token";
  private static final String TIMEOUT = "timeout";
  private static final String REGISTERS = "auto-register";
  private static final List<String> NAMES = List.of(URL, USER, PASSWORD, TOKEN, TIMEOUT, REGISTERS);
  private static final String EXPECTED =
      "http:// or https:// addresses of the Confluent-compatible API, without user and password,"
          + " separated by commas, for example http://registry:8080/apis/ccompat/v7";

  /** Whether the registry without a name is configured. */
  public static boolean present(Settings root) {
    return root.text(PREFIX + URL).isPresent();
  }

  /**
   * Reads and checks.
   *
   * @param name empty for the one without
   * @throws SettingsException if anything cannot be used
   */
  public static RegistrySettings read(Settings root, String name) {
    checkNames(root);
    String prefix = name.isEmpty() ? PREFIX : PREFIX + name + ".";
    root.required(prefix + URL, EXPECTED);
    List<URI> urls = new ArrayList<>();
    for (String url : root.list(prefix + URL)) {
      urls.add(uri(prefix + URL, url));
    }
    return new RegistrySettings(
        List.copyOf(urls),
        authorization(root, prefix),
        root.duration(prefix + TIMEOUT, Duration.ofSeconds(5)),
        root.flag(prefix + REGISTERS, true));
  }

  private static void checkNames(Settings root) {
    for (String key : root.keys()) {
      if (key.startsWith(PREFIX)) {
        String rest = key.substring(PREFIX.length());
        String last = rest.substring(rest.indexOf('.') + 1);
        if (!NAMES.contains(last)) {
          throw new SettingsException(
              key
                  + " is not a setting; expected "
                  + PREFIX
                  + "<"
                  + String.join("|", NAMES)
                  + ">, or the same below "
                  + PREFIX
                  + "<name of a registry>.");
        }
      }
    }
  }

  private static URI uri(String key, String text) {
    String shown = text.replaceAll("//[^/@]*@", "//" + Secrets.MASK + "@");
    URI uri;
    try {
      uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw SettingsException.of(key, shown, EXPECTED);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
      throw SettingsException.of(key, shown, EXPECTED);
    }
    return uri;
  }

  private static Optional<String> authorization(Settings root, String prefix) {
    Optional<String> user = root.text(prefix + USER);
    Optional<String> token = root.text(prefix + TOKEN);
    if (user.isPresent() && token.isPresent()) {
      throw new SettingsException(
          prefix + USER + " and " + prefix + TOKEN + " are both set; expected one of them");
    }
    if (user.isPresent()) {
      String both = user.get() + ":" + root.text(prefix + PASSWORD, "");
      return Optional.of(
          "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
    }
    return token.map(text -> "Bearer " + text);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "the schema registry at " + String.join(", ", urls.stream().map(URI::toString).toList());
  }
}
