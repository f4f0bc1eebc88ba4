package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images, as far as that goes without an engine: what is copied is there, what is started is in
 * the image, and the image is what manifests and servers expect.
 */
class DockerfilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"openliberty", "wildfly", "migrate"})
  void instructions_are_in_order_and_nobody_is_root(String name) {
    Dockerfile file = new Dockerfile("docker/" + name);

    assertThat(file.instructions().get(0).name()).isEqualTo("FROM");
    assertThat(file.only("FROM")).isEqualTo("eclipse-temurin:17-jre");
    List<Dockerfile.Instruction> last =
        file.instructions().subList(file.instructions().size() - 2, file.instructions().size());
    assertThat(last).extracting(Dockerfile.Instruction::name).containsExactly("USER", "ENTRYPOINT");
    assertThat(file.only("USER")).matches("[1-9]\\d*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openliberty", "migrate", "wildfly"})
  void what_is_copied_is_there_after_package_and_is_sent(String name) {
    // A build of single modules may not have made WildFly.
    assumeTrue(
        !name.equals("wildfly") || Files.isDirectory(Repository.ROOT.resolve("wildfly/target")),
        "wildfly was not built");
    Dockerfile file = new Dockerfile("docker/" + name);
    // Jars of the reactor's modules exist only after their phase package.
    boolean packaged = isPackaged();

    assertThat(file.copies())
        .allSatisfy(
            copy -> {
              assertThat(file.sent()).as("sent to the engine").contains(copy.source());
              if (packaged || !copy.source().contains("-runner.jar")) {
                assertThat(Dockerfile.matches(copy.source())).as(copy.source()).hasSize(1);
              }
            });
    assertThat(file.sent()).hasSameSizeAs(file.copies());
  }

  private static boolean isPackaged() {
    return Files.exists(Repository.ROOT.resolve("sample-war/target/shop.war"));
  }

  /** The servers' own files are, unpacked, readable by their owner alone. */
  @ParameterizedTest
  @ValueSource(strings = {"openliberty", "wildfly", "migrate"})
  void everything_belongs_to_the_user_who_runs_it(String name) {
    Dockerfile file = new Dockerfile("docker/" + name);

    assertThat(file.all("COPY"))
        .isNotEmpty()
        .allMatch(copy -> copy.startsWith("--chown=" + file.only("USER") + ":"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openliberty", "wildfly"})
  void what_is_started_is_in_the_image(String name) {
    assumeTrue(
        Files.isDirectory(Repository.ROOT.resolve(name + "/target/runtime")), name + " not built");
    Dockerfile file = new Dockerfile("docker/" + name);

    assertThat(file.origin(file.entryPoint().get(0))).isRegularFile().isExecutable();
  }

  @ParameterizedTest
  @CsvSource({
    "openliberty, docs/kubernetes/shop-openliberty.yaml",
    "wildfly, docs/kubernetes/shop-wildfly.yaml",
    "migrate, docs/kubernetes/migrate.yaml"
  })
  void user_ports_and_name_are_those_of_the_manifest(String name, String manifest) {
    Dockerfile file = new Dockerfile("docker/" + name);
    Object workload = Manifests.read(Repository.ROOT.resolve(manifest)).get(0);
    List<String> ports =
        Manifests.list(workload, "spec.template.spec.containers.0.ports").stream()
            .map(port -> Manifests.text(port, "containerPort"))
            .toList();

    assertThat(file.only("USER"))
        .isEqualTo(Manifests.text(workload, "spec.template.spec.securityContext.runAsUser"));
    assertThat(file.all("EXPOSE").stream().flatMap(all -> Stream.of(all.split(" "))))
        .containsExactlyElementsOf(ports);
    assertThat(Manifests.text(workload, "spec.template.spec.containers.0.image"))
        .contains("/shop-" + name + ":");
  }

  @Test
  void open_liberty_finds_its_files_where_its_configuration_says() {
    Dockerfile file = new Dockerfile("docker/openliberty");
    String home = file.environment().get("WLP_USER_DIR") + "/servers/" + file.entryPoint().get(2);
    String xml = Repository.text(file.origin(home + "/server.xml"));

    assertThat(file.entryPoint()).containsExactly("/opt/wlp/bin/server", "run", "shop");
    assertThat(find("location=\"([^\"]+)\"", xml)).isEqualTo("shop.war");
    assertThat(file.origin(home + "/apps/shop.war")).hasFileName("shop.war");
    assertThat(find("fileset dir=\"([^\"]+)\"", xml)).isEqualTo("${server.config.dir}/jdbc");
    assertThat(file.origin(home + "/jdbc/postgresql.jar")).hasFileName("postgresql.jar");
    String container =
        Repository.text(file.origin(home + "/configDropins/overrides/container.xml"));
    assertThat(container).contains("host=\"*\"");
    assertThat(find("httpEndpoint id=\"([^\"]+)\"", container))
        .isEqualTo(find("httpEndpoint id=\"([^\"]+)\"", xml));
  }

  @Test
  void wildfly_starts_the_configuration_that_the_build_has_changed() {
    Dockerfile file = new Dockerfile("docker/wildfly");
    String script = Repository.text("wildfly/src/main/wildfly/shop.cli");
    String configuration = file.entryPoint().get(file.entryPoint().indexOf("-c") + 1);

    assertThat(configuration).isEqualTo(find("--server-config=(\\S+)", script));
    assertThat(file.copies().get(0).source())
        .endsWith("wildfly-" + find("<wildfly.version>(.*)</wildfly.version>", pom()));
    assertThat(file.environment()).containsEntry("LAUNCH_JBOSS_IN_BACKGROUND", "true");
    Path runtime = Repository.ROOT.resolve(file.copies().get(0).source());
    assumeTrue(Files.isDirectory(runtime), "wildfly was not built");
    String module = find("driver-module-name=([\\w.]+)", script).replace('.', '/');
    assertThat(runtime.resolve("modules/" + module + "/main/postgresql.jar")).isRegularFile();
    assertThat(runtime.resolve("standalone/configuration/" + configuration))
        .content()
        .contains("java:/jdbc/shop");
  }

  private static String pom() {
    return Repository.text("pom.xml");
  }

  private static String find(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }
}
