/**
 * Avro behind the codecs of {@code schema}: values of the application become data of a schema
 * exactly or not at all ({@code ToAvro}), in a frame that says which schema it was ({@code Frame}:
 * a registry's id, or a fingerprint), and come back by the reader's schema ({@code AvroCodec}).
 */
package io.drivetrain.avro.internal;
