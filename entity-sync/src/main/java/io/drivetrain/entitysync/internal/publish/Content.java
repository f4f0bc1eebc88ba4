package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.outbox.EncodedMessage.Header;
import java.util.List;

/**
 * What the record of a change holds besides its key. The arrays must not change.
 *
 * @param refused whether the application's publisher wants no event
 * @param before the payload of an event in front of it, null for none
 * @param value the payload, null for a tombstone
 * @param headers of both
 */
record Content(boolean refused, byte[] before, byte[] value, List<Header> headers) {
  static final Content REFUSED = new Content(true, null, null, List.of());
  static final Content TOMBSTONE = new Content(false, null, null, List.of());
}
