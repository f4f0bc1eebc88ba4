package io.drivetrain.openliberty;

import io.drivetrain.servers.DemoStory;
import org.junit.jupiter.api.Test;

/** The demo on Open Liberty. */
class DemoTest extends DemoStory {
  DemoTest() {
    super(OpenLibertyDemo.class, Installation.BUILD_DIRECTORY);
  }

  @Test
  void servers_of_ones_own_are_used_and_left_alone() throws Exception {
    serversOfOnesOwnAreUsedAndLeftAlone();
  }
}
