/**
 * What a module needs of its container: threads that carry the application's context ({@link
 * io.drivetrain.schema.platform.ContainerThreads}) and the conditions that must be met before
 * anything may poll or drain ({@link io.drivetrain.schema.platform.StartCondition}).
 */
package io.drivetrain.schema.platform;
