package io.drivetrain.testkit.internal;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A server in a container whose one port is bound to a fixed port of the host, so that it keeps its
 * address over stops and starts of the same container. Loaded only if Testcontainers is there. Not
 * thread-safe; its owner serialises the calls.
 */
final class ContainerServer implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(120);

  private final GenericContainer<?> container;
  private final HostPort address;
  private final BooleanSupplier answers;
  private boolean created;
  private boolean running;
  private boolean suspended;

  private ContainerServer(
      GenericContainer<?> container, HostPort address, BooleanSupplier answers) {
    this.container = container;
    this.address = address;
    this.answers = answers;
  }

  /**
   * Wraps a container that is not started.
   *
   * @param address from {@link #freeAddress()}
   * @param containerPort the port the server listens on inside
   * @param answers whether the server answers at the address
   */
  static ContainerServer of(
      GenericContainer<?> container, HostPort address, int containerPort, BooleanSupplier answers) {
    Ports.Binding binding =
        address.host().equals("localhost")
            ? Ports.Binding.bindIpAndPort("127.0.0.1", address.port())
            : Ports.Binding.bindPort(address.port());
    container.withCreateContainerCmdModifier(
        command ->
            command
                .getHostConfig()
                .withPortBindings(new PortBinding(binding, ExposedPort.tcp(containerPort))));
    return new ContainerServer(container, address, answers);
  }

  static HostPort freeAddress() {
    return new HostPort(DockerClientFactory.instance().dockerHostIpAddress(), FreePorts.next());
  }

  @Override
  public HostPort address() {
    return address;
  }

  @Override
  public void start() {
    if (running) {
      return;
    }
    if (created) {
      docker().startContainerCmd(container.getContainerId()).exec();
    } else {
      container.start();
      created = true;
    }
    running = true;
    if (!Patience.await(START_BOUND, answers)) {
      throw new IllegalStateException(
          container.getDockerImageName() + " does not answer at " + address);
    }
  }

  @Override
  public void stop() {
    if (running) {
      resume();
      docker().stopContainerCmd(container.getContainerId()).withTimeout(30).exec();
      running = false;
    }
  }

  @Override
  public void kill() {
    if (running) {
      resume();
      docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
      running = false;
      boolean gone =
          Patience.await(
              Duration.ofSeconds(30),
              () ->
                  !Boolean.TRUE.equals(
                      docker()
                          .inspectContainerCmd(container.getContainerId())
                          .exec()
                          .getState()
                          .getRunning()));
      if (!gone) {
        throw new IllegalStateException("container " + container.getContainerId() + " still runs");
      }
    }
  }

  @Override
  public void suspend() {
    if (running && !suspended) {
      docker().pauseContainerCmd(container.getContainerId()).exec();
      suspended = true;
    }
  }

  @Override
  public void resume() {
    if (suspended) {
      docker().unpauseContainerCmd(container.getContainerId()).exec();
      suspended = false;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    resume();
    running = false;
    container.stop();
  }

  private static DockerClient docker() {
    return DockerClientFactory.instance().client();
  }
}
