package io.drivetrain.openliberty;

import io.drivetrain.servers.DemoStory;

/** The demo on Open Liberty. */
class DemoTest extends DemoStory {
  DemoTest() {
    super(OpenLibertyDemo.class, Installation.BUILD_DIRECTORY);
  }
}
