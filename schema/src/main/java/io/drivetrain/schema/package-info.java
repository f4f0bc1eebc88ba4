/**
 * What the bytes of keys and values look like: a {@link io.drivetrain.schema.Codec} per format,
 * chosen per topic by {@link io.drivetrain.schema.Codecs}. The sub-packages hold the little that
 * every module shares: how settings are read and refused ({@code settings}) and what a module needs
 * of its container ({@code platform}).
 */
package io.drivetrain.schema;
