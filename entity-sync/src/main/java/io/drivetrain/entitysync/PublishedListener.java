package io.drivetrain.entitysync;

/** The JPA entity listener of {@link Published} entities; name it in {@code @EntityListeners}. */
public class PublishedListener {}
