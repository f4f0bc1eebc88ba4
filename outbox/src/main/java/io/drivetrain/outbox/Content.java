package io.drivetrain.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The bytes of a key, value or header, and the text they are, if they are text. Immutable, if
 * nobody changes the array.
 *
 * @param bytes as they are stored; not copied
 */
public record Content(byte[] bytes) {

  /** How many bytes of what is no text are shown. */
  private static final int SHOWN = 32;

  /** Empty for null. */
  public static Optional<Content> of(byte[] bytes) {
    return Optional.ofNullable(bytes).map(Content::new);
  }

  /** The bytes as UTF-8; empty if they are not, or hold control characters. */
  public Optional<String> text() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().anyMatch(Content::isControl) ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isControl(int character) {
    return Character.isISOControl(character)
        && character != '\n'
        && character != '\r'
        && character != '\t';
  }

  /** The text, or the first bytes in hexadecimal. */
  @Override
  public String toString() {
    return text()
        .orElseGet(
            () ->
                "0x"
                    + HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN, bytes.length))
                    + (bytes.length > SHOWN ? "... (" + bytes.length + " bytes)" : ""));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Content content && Arrays.equals(bytes, content.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
