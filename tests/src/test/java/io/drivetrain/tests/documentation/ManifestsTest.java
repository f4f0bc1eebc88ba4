package io.drivetrain.tests.documentation;

import static io.drivetrain.tests.documentation.Manifests.at;
import static io.drivetrain.tests.documentation.Manifests.list;
import static io.drivetrain.tests.documentation.Manifests.number;
import static io.drivetrain.tests.documentation.Manifests.text;
import static io.drivetrain.tests.documentation.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of docs/kubernetes fit Kubernetes' schema, the product and each other. */
class ManifestsTest {
  private static final String DIRECTORY = "docs/kubernetes";
  private static final String CONTAINER = "spec.template.spec.containers.0";

  static Stream<Path> files() {
    return Repository.files(DIRECTORY, ".yaml");
  }

  private static Object manifest(String file, String kind) {
    return Manifests.read(Repository.ROOT.resolve(DIRECTORY).resolve(file)).stream()
        .filter(document -> text(document, "kind").equals(kind))
        .findFirst()
        .orElseThrow();
  }

  /** What a container finds in its environment, as far as the manifests say the values. */
  private static Map<String, String> variables(Object workload) {
    Map<String, String> variables = new HashMap<>();
    for (Object from : list(workload, CONTAINER + ".envFrom")) {
      String name =
          at(from, "configMapRef") == null
              ? text(from, "secretRef.name")
              : text(from, "configMapRef.name");
      String kind = at(from, "configMapRef") == null ? "Secret" : "ConfigMap";
      Manifests.read(Repository.ROOT.resolve(DIRECTORY).resolve("config.yaml")).stream()
          .filter(document -> text(document, "kind").equals(kind))
          .filter(document -> text(document, "metadata.name").equals(name))
          .forEach(
              document -> {
                variables.putAll(texts(document, "data"));
                variables.putAll(texts(document, "stringData"));
              });
    }
    for (Object variable : list(workload, CONTAINER + ".env")) {
      variables.put(text(variable, "name"), text(variable, "value"));
    }
    return variables;
  }

  @ParameterizedTest
  @MethodSource("files")
  void every_manifest_fits_the_schema(Path file) {
    List<Object> documents = Manifests.read(file);

    assertThat(documents).isNotEmpty();
    documents.forEach(
        document ->
            assertThatCode(() -> KubernetesSchema.check(document))
                .as(file.getFileName().toString())
                .doesNotThrowAnyException());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shop-openliberty.yaml   | failureThreshold: 60          | failureTreshold: 60      | failureTreshold
          shop-wildfly.yaml       | replicas: 3                   | replicas: three          | three
          shop-wildfly.yaml       | - name: shop\\n          image | - image                  | name
          config.yaml             | stringData:                   | stringdata:              | stringdata
          migrate.yaml            | backoffLimit: 6               | backOffLimit: 6          | backOffLimit
          disruption-budget.yaml  | maxUnavailable: 1             | maxUnavailabel: 1        | maxUnavailabel
          autoscale-cpu.yaml      | averageUtilization: 70        | averageUtilisation: 70   | averageUtilisation
          autoscale-lag.yaml      | pollingInterval: 30           | pollInterval: 30         | pollInterval
          autoscale-lag.yaml      | lagThreshold:                 | lagTreshold:             | lagTreshold
          autoscale-lag.yaml      | "5000"                        | 5000                     | lagThreshold
          autoscale-lag.yaml      | stabilizationWindowSeconds:   | stabilisationSeconds:    | stabilisationSeconds
          """)
  void a_slip_of_the_pen_does_not_fit(String file, String right, String wrong, String named) {
    String text = Repository.text(DIRECTORY + "/" + file);
    String found = right.replace("\\n", "\n");
    assertThat(text).contains(found);

    assertThatThrownBy(
            () -> Manifests.parse(text.replace(found, wrong)).forEach(KubernetesSchema::check))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  void every_variable_is_one_that_somebody_reads() {
    Map<String, String> all = new HashMap<>();
    for (String file : List.of("shop-openliberty.yaml", "shop-wildfly.yaml")) {
      all.putAll(variables(manifest(file, "Deployment")));
    }
    all.putAll(variables(manifest("migrate.yaml", "Job")));
    Set<String> defined = new TreeSet<>();
    Manifests.read(Repository.ROOT.resolve(DIRECTORY).resolve("config.yaml"))
        .forEach(
            document -> {
              defined.addAll(texts(document, "data").keySet());
              defined.addAll(texts(document, "stringData").keySet());
            });

    assertThat(all.keySet()).hasSizeGreaterThan(8).containsAll(defined);
    assertThat(all)
        .allSatisfy(
            (name, value) ->
                assertThat(KnownVariables.include(name, value)).as(name + "=" + value).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KAFKA_BOOTSTRAP_SERVER",
        "KAFKA_GROUP_PROTOCOL",
        "DRIVETRAIN_OUTBOX_CLOSETIMEOUT",
        "DRIVETRAIN_MIGRATION_AT_START",
        "MP_MESSAGING_CONNECTOR_DRIVETRAIN_CLOSE_TIME",
        "DATABASE_USER"
      })
  void a_variable_that_nobody_reads_is_found(String name) {
    assertThat(KnownVariables.include(name, "x")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"shop-openliberty.yaml, http, 9080", "shop-wildfly.yaml, management, 9990"})
  void probes_ask_where_the_server_answers(String file, String port, int number) {
    Object deployment = manifest(file, "Deployment");

    for (String probe : List.of("readinessProbe", "livenessProbe")) {
      assertThat(text(deployment, CONTAINER + "." + probe + ".httpGet.port")).isEqualTo(port);
    }
    assertThat(text(deployment, CONTAINER + ".startupProbe.httpGet.port")).isEqualTo("http");
    String page = text(deployment, CONTAINER + ".startupProbe.httpGet.path");
    assertThat(Repository.ROOT.resolve("sample-war/src/main/webapp" + page)).isRegularFile();
    assertThat(text(deployment, CONTAINER + ".readinessProbe.httpGet.path"))
        .isEqualTo("/health/ready");
    assertThat(text(deployment, CONTAINER + ".livenessProbe.httpGet.path"))
        .isEqualTo("/health/live");
    assertThat(list(deployment, CONTAINER + ".ports"))
        .anySatisfy(
            each -> {
              assertThat(text(each, "name")).isEqualTo(port);
              assertThat(number(each, "containerPort")).isEqualTo(number);
            });
  }

  @Test
  void open_liberty_listens_where_the_probes_ask() {
    assertThat(Repository.text("openliberty/src/main/liberty/server.xml"))
        .contains("<variable name=\"http.port\" defaultValue=\"9080\" />");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop-openliberty.yaml", "shop-wildfly.yaml"})
  void a_pod_is_given_the_time_that_a_stop_may_take(String file) {
    Object deployment = manifest(file, "Deployment");
    Map<String, String> variables = variables(deployment);
    Duration needed =
        Stream.of(
                variables.get("MP_MESSAGING_CONNECTOR_DRIVETRAIN_CLOSE_TIMEOUT"),
                variables.get("DRIVETRAIN_OUTBOX_CLOSE_TIMEOUT"),
                variables.get("DRIVETRAIN_PRODUCER_CLOSE_TIMEOUT"),
                text(deployment, CONTAINER + ".lifecycle.preStop.exec.command.1") + "s",
                // The server itself.
                "10s")
            .map(Durations::parse)
            .reduce(Duration.ZERO, Duration::plus);

    assertThat(number(deployment, "spec.template.spec.terminationGracePeriodSeconds"))
        .isGreaterThanOrEqualTo((int) needed.toSeconds());
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop-openliberty.yaml", "shop-wildfly.yaml"})
  void everything_is_about_the_same_pods(String file) {
    Object deployment = manifest(file, "Deployment");
    Map<String, String> labels = texts(deployment, "spec.template.metadata.labels");

    assertThat(texts(deployment, "spec.selector.matchLabels")).isNotEmpty().isEqualTo(labels);
    assertThat(texts(manifest(file, "Service"), "spec.selector")).isEqualTo(labels);
    assertThat(
            texts(
                manifest("disruption-budget.yaml", "PodDisruptionBudget"),
                "spec.selector.matchLabels"))
        .isEqualTo(labels);
    for (Object scaler :
        List.of(
            manifest("autoscale-cpu.yaml", "HorizontalPodAutoscaler"),
            manifest("autoscale-lag.yaml", "ScaledObject"))) {
      assertThat(text(scaler, "spec.scaleTargetRef.name"))
          .isEqualTo(text(deployment, "metadata.name"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop-openliberty.yaml, Deployment",
    "shop-wildfly.yaml, Deployment",
    "migrate.yaml, Job"
  })
  void nothing_runs_as_root(String file, String kind) {
    Object workload = manifest(file, kind);

    assertThat(at(workload, "spec.template.spec.securityContext.runAsNonRoot")).isEqualTo(true);
    assertThat(number(workload, "spec.template.spec.securityContext.runAsUser")).isPositive();
  }
}
