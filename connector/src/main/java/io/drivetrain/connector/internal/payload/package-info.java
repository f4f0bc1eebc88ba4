/**
 * From the bytes of records to what a consumer method takes. The parameter's generic type decides
 * ({@link io.drivetrain.connector.internal.payload.ParameterType}); decoding happens on the
 * delivering thread, so a record that cannot be decoded fails like any other and its bytes are
 * kept.
 */
package io.drivetrain.connector.internal.payload;
