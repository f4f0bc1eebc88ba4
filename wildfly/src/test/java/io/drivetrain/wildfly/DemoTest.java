package io.drivetrain.wildfly;

import io.drivetrain.servers.DemoStory;

/** The demo on WildFly. */
class DemoTest extends DemoStory {
  DemoTest() {
    super(WildFlyDemo.class, Installation.BUILD_DIRECTORY);
  }
}
