package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.EncodedMessage.Header;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Record headers as one column: for each header the length of its name (4 bytes), the name in
 * UTF-8, the length of its value (4 bytes, -1 for null), the value. Order and duplicates are kept.
 */
public final class HeaderCodec {
  private HeaderCodec() {}

  /** The column's bytes; null for no headers. */
  public static byte[] encode(List<Header> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    List<byte[]> names = new ArrayList<>(headers.size());
    int size = 0;
    for (Header header : headers) {
      byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
      names.add(name);
      size += 8 + name.length + (header.value() == null ? 0 : header.value().length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (int i = 0; i < names.size(); i++) {
      byte[] value = headers.get(i).value();
      bytes.putInt(names.get(i).length).put(names.get(i)).putInt(value == null ? -1 : value.length);
      if (value != null) {
        bytes.put(value);
      }
    }
    return bytes.array();
  }

  /**
   * The headers of a column.
   *
   * @throws UnreadableRowException if the bytes were not made by {@link #encode}
   */
  public static List<Header> decode(byte[] column) {
    if (column == null) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(column);
    try {
      while (bytes.hasRemaining()) {
        byte[] name = take(bytes, bytes.getInt());
        int length = bytes.getInt();
        byte[] value = length == -1 ? null : take(bytes, length);
        headers.add(new Header(new String(name, StandardCharsets.UTF_8), value));
      }
    } catch (BufferUnderflowException e) {
      throw new UnreadableRowException("the headers column ends in the middle of a header");
    }
    return headers;
  }

  private static byte[] take(ByteBuffer bytes, int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new UnreadableRowException("the headers column holds a length of " + length);
    }
    byte[] taken = new byte[length];
    bytes.get(taken);
    return taken;
  }
}
