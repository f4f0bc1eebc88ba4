package io.drivetrain.entitysync;

/** The records of one partition as an {@link EntityConsumer} receives them, decoded lazily. */
public final class EntityBatch {}
