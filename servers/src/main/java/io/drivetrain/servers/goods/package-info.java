/**
 * An application with all that entity-sync has to offer and topics in Avro, for {@link
 * io.drivetrain.servers.EntityStory}. Its classes run on the server; the story only copies them.
 */
package io.drivetrain.servers.goods;
