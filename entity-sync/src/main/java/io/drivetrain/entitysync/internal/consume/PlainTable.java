package io.drivetrain.entitysync.internal.consume;

import java.util.List;
import java.util.Optional;

/**
 * The table of a plainly mapped entity. Immutable.
 *
 * @param name with its schema, quoted
 * @param key the columns of the key, in the key's order; a unique index covers exactly them
 * @param columns the other columns of attributes
 * @param version that of the guard, one of {@code columns}
 */
record PlainTable(
    String name, List<PlainColumn> key, List<PlainColumn> columns, Optional<PlainColumn> version) {}
