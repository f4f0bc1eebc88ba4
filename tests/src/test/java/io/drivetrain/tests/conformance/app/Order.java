package io.drivetrain.tests.conformance.app;

/** Bound to JSON by its components' names. */
public record Order(int id, String customer) {}
