package io.drivetrain.openliberty;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Finds Chromium on this machine. */
final class Browser {
  private Browser() {}

  /**
   * A headless browser. Without one on this machine the test is skipped and says why; with the
   * environment variable {@code DRIVETRAIN_REQUIRE_BROWSER=true} it fails.
   */
  static ChromeDriver open() {
    Optional<Path> driver = find("chromedriver");
    Optional<Path> browser = find("chromium", "chromium-browser", "google-chrome");
    if (driver.isEmpty() || browser.isEmpty()) {
      String reason =
          "the page was not tested: "
              + (browser.isEmpty() ? "chromium" : "chromedriver")
              + " is not on the PATH";
      if ("true".equals(System.getenv("DRIVETRAIN_REQUIRE_BROWSER"))) {
        fail(reason);
      }
      System.out.println("Skipped: " + reason);
      abort(reason);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.orElseThrow().toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1200");
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.orElseThrow().toFile())
            .usingAnyFreePort()
            .build(),
        options);
  }

  private static Optional<Path> find(String... names) {
    List<String> directories =
        new ArrayList<>(
            List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
    directories.add("/usr/bin");
    for (String directory : directories) {
      for (String name : names) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }
}
