package io.drivetrain.entitysync;

import java.util.Optional;

/**
 * How far {@link EntityEvents#republish} has come.
 *
 * @param entity the entity's class name
 * @param condition which of them, if not all
 * @param published how many have been published
 * @param expected how many there were at the beginning; empty if they are not counted yet
 * @param finished whether it is over
 * @param problem why it stands still or ended before its end
 */
public record Backfill(
    String entity,
    Optional<String> condition,
    long published,
    Optional<Long> expected,
    boolean finished,
    Optional<String> problem) {}
