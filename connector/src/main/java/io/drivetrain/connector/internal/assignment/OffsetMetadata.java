package io.drivetrain.connector.internal.assignment;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.CRC32;
import org.apache.kafka.common.TopicPartition;

/**
 * The text that a commit carries beside its offset, and what it says is done ahead of it. As runs
 * or as a bit per offset, whichever reaches further:
 *
 * <pre>
 *   "drivetrain:" base64( kind, checksum of place, kind and data, data )
 * </pre>
 *
 * The checksum knows topic, partition and offset, because mirrors move an offset together with its
 * text, and there it would say of other records that they are done.
 */
public final class OffsetMetadata {

  /** A broker takes 4096 unless {@code offset.metadata.max.bytes} says otherwise. */
  public static final int MOST_CHARS = 3_072;

  private static final String PREFIX = "drivetrain:";
  private static final byte RUNS = 1;
  private static final byte BITS = 2;
  private static final int HEADER = 1 + Integer.BYTES;

  private OffsetMetadata() {}

  /** Data and the offset up to which it tells all. */
  private record Encoded(byte kind, byte[] data, long reach) {}

  /** As many of the offsets, from the first on, as fit. */
  static String encode(TopicPartition partition, DoneOffsets done, int mostChars) {
    int mostBytes = (mostChars - PREFIX.length()) / 4 * 3 - HEADER;
    if (done.isEmpty() || mostBytes <= 0) {
      return "";
    }
    Encoded runs = runs(done, mostBytes);
    Encoded bits = bits(done, mostBytes);
    boolean asBits =
        bits.reach() > runs.reach()
            || bits.reach() == runs.reach() && bits.data().length < runs.data().length;
    Encoded best = asBits ? bits : runs;
    if (best.data().length == 0) {
      return "";
    }
    byte[] bytes =
        ByteBuffer.allocate(HEADER + best.data().length)
            .put(best.kind())
            .putInt(checksum(partition, done.base(), best.kind(), best.data()))
            .put(best.data())
            .array();
    return PREFIX + Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Encoded runs(DoneOffsets done, int mostBytes) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    long reach = done.base();
    for (int i = 0; i < done.ranges(); i++) {
      byte[] run = run(done.from(i) - reach, done.to(i) - done.from(i));
      if (data.size() + run.length > mostBytes) {
        break;
      }
      data.writeBytes(run);
      reach = done.to(i);
    }
    return new Encoded(RUNS, data.toByteArray(), reach);
  }

  private static byte[] run(long undone, long done) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4);
    writeNumber(bytes, undone);
    writeNumber(bytes, done);
    return bytes.toByteArray();
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private static void writeNumber(ByteArrayOutputStream bytes, long number) {
    long rest = number;
    while (rest > 0x7f) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static Encoded bits(DoneOffsets done, int mostBytes) {
    long end = done.base() + 8L * mostBytes;
    BitSet bits = new BitSet();
    long reach = done.base();
    for (int i = 0; i < done.ranges() && done.from(i) < end; i++) {
      reach = Math.min(done.to(i), end);
      bits.set((int) (done.from(i) - done.base()), (int) (reach - done.base()));
    }
    return new Encoded(BITS, bits.toByteArray(), reach);
  }

  /** What the text says is done ahead of the offset; nothing if it is not ours, or damaged. */
  static DoneOffsets decode(TopicPartition partition, long offset, String text) {
    if (text == null || !text.startsWith(PREFIX)) {
      return DoneOffsets.NONE;
    }
    try {
      byte[] encoded = text.substring(PREFIX.length()).getBytes(StandardCharsets.ISO_8859_1);
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
      byte kind = bytes.get();
      int checksum = bytes.getInt();
      byte[] data = new byte[bytes.remaining()];
      bytes.get(data);
      if (checksum != checksum(partition, offset, kind, data)) {
        return DoneOffsets.NONE;
      }
      return switch (kind) {
        case RUNS -> fromRuns(offset, ByteBuffer.wrap(data));
        case BITS -> fromBits(offset, BitSet.valueOf(data));
        default -> DoneOffsets.NONE;
      };
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      // Too short, no Base64, no ranges: whoever wrote it, it says nothing.
      return DoneOffsets.NONE;
    }
  }

  private static DoneOffsets fromRuns(long offset, ByteBuffer data) {
    DoneOffsets.Builder done = new DoneOffsets.Builder(offset);
    long reach = offset;
    while (data.hasRemaining()) {
      long from = reach + readNumber(data);
      reach = from + readNumber(data);
      done.add(from, reach);
    }
    return done.build();
  }

  private static long readNumber(ByteBuffer data) {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = data.get();
      number |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }

  private static DoneOffsets fromBits(long offset, BitSet bits) {
    DoneOffsets.Builder done = new DoneOffsets.Builder(offset);
    for (int from = bits.nextSetBit(0); from >= 0; ) {
      int to = bits.nextClearBit(from);
      done.add(offset + from, offset + to);
      from = bits.nextSetBit(to);
    }
    return done.build();
  }

  private static int checksum(TopicPartition partition, long offset, byte kind, byte[] data) {
    CRC32 checksum = new CRC32();
    checksum.update(partition.toString().getBytes(StandardCharsets.UTF_8));
    checksum.update(ByteBuffer.allocate(Long.BYTES + 1).putLong(offset).put(kind).flip());
    checksum.update(data);
    return (int) checksum.getValue();
  }
}
