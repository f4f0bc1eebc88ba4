/** Kafka in memory: as much of a cluster and of its clients as one application needs. */
package io.drivetrain.testkitapp.internal.kafka;
