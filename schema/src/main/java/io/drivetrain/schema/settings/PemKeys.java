package io.drivetrain.schema.settings;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Private keys as text: Kafka reads PKCS #8 alone, and OpenSSL has long written PKCS #1. */
final class PemKeys {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:\\w+ )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** Version 0, and the algorithm: RSA without parameters. */
  private static final byte[] RSA =
      HexFormat.of().parseHex("020100" + "300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private PemKeys() {}

  /**
   * The key as PKCS #8.
   *
   * @param name of the setting, for the error
   * @throws SettingsException if it is neither PKCS #8 nor an RSA key in PKCS #1; the value is not
   *     in the message
   */
  static String asPkcs8(String name, String pem) {
    Matcher key = KEY.matcher(pem);
    if (!key.find()) {
      throw unusable(name);
    }
    return switch (key.group(1)) {
      case "PRIVATE KEY" -> pem;
      case "RSA PRIVATE KEY" -> wrapped(name, key.group(2));
      default -> throw unusable(name);
    };
  }

  private static SettingsException unusable(String name) {
    return SettingsException.of(name, Secrets.MASK, "a private key as PEM text, PKCS #8 or RSA");
  }

  private static String wrapped(String name, String base64) {
    byte[] rsa;
    try {
      rsa = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw unusable(name);
    }
    byte[] octets = element(OCTETS, rsa);
    byte[] content = new byte[RSA.length + octets.length];
    System.arraycopy(RSA, 0, content, 0, RSA.length);
    System.arraycopy(octets, 0, content, RSA.length, octets.length);
    String text =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(element(SEQUENCE, content));
    return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
  }

  /** One element of DER: tag, length, content. */
  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream der = new ByteArrayOutputStream(content.length + 6);
    der.write(tag);
    int length = content.length;
    if (length < 0x80) {
      der.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      der.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        der.write(length >> (8 * i));
      }
    }
    der.writeBytes(content);
    return der.toByteArray();
  }
}
