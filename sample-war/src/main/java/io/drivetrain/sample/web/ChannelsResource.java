package io.drivetrain.sample.web;

import io.drivetrain.connector.Channels;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Ends a partition's pause at once. */
@Path("/channels")
public class ChannelsResource {

  @Inject private Channels channels;

  /** The failed record is delivered next. */
  @POST
  @Path("/{channel}/{topic}/{partition}/resume")
  public void resume(
      @PathParam("channel") String channel,
      @PathParam("topic") String topic,
      @PathParam("partition") int partition) {
    channels.resume(channel, topic, partition);
  }
}
