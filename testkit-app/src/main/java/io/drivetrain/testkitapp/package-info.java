/**
 * An application's beans in a test, without a server: {@link io.drivetrain.testkitapp.TestApp}
 * starts them, {@link io.drivetrain.testkitapp.TestChannel} gives a consumer its records and says
 * what became of them, {@link io.drivetrain.testkitapp.SentRecords} holds what the application
 * sent. Kafka is in memory unless a test says otherwise; everything else is the real thing.
 */
package io.drivetrain.testkitapp;
