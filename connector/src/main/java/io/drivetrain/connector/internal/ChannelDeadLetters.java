package io.drivetrain.connector.internal;

import io.drivetrain.connector.DeadLetter;
import io.drivetrain.connector.DeadLetters;
import io.drivetrain.connector.Replay;
import io.drivetrain.connector.ReplayRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** The {@link DeadLetters} applications inject. Thread-safe. */
@ApplicationScoped
public class ChannelDeadLetters implements DeadLetters {
  private final ChannelRegistry channels;

  /** For the container's proxy. */
  protected ChannelDeadLetters() {
    this(null);
  }

  /** By the container. */
  @Inject
  public ChannelDeadLetters(ChannelRegistry channels) {
    this.channels = channels;
  }

  @Override
  public String topic(String channel) {
    return channels.replays(channel).topic();
  }

  @Override
  public List<DeadLetter> peek(String channel, int max) {
    return channels.replays(channel).peek(max);
  }

  @Override
  public Replay replay(String channel) {
    return replay(channel, ReplayRequest.all());
  }

  @Override
  public Replay replay(String channel, ReplayRequest request) {
    return channels.replays(channel).replay(request);
  }
}
