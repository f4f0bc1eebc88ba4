/**
 * What messages say of their Kafka records beside the payload, for code that was written for
 * another connector. The classes of that connector's API are known to one package, found by name.
 */
package io.drivetrain.connector.internal.metadata;
