/**
 * What a thread is processing: a lane binds it once to its thread and moves it from record to
 * record, user code sees it through the injected {@link io.drivetrain.connector.Delivery}, and what
 * it produces or emits is left in it, so that a record counts as done only when what it caused is
 * confirmed.
 */
package io.drivetrain.connector.internal.delivery;
