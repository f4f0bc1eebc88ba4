package io.drivetrain.tests.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboard and alert rules ask for metrics and labels that the code emits. */
class MonitoringTest {
  private static final Pattern LABEL_OF_TEXT =
      Pattern.compile("\\$labels\\.(\\w+)|\\{\\{\\s*(\\w+)\\s*}}");

  private static JsonObject dashboard() {
    return JsonParser.parseString(Repository.text("docs/monitoring/grafana-dashboard.json"))
        .getAsJsonObject();
  }

  private static List<Object> alerts() {
    Object file = Manifests.read(Repository.ROOT.resolve("docs/monitoring/alerts.yaml")).get(0);
    return Manifests.list(file, "groups").stream()
        .flatMap(group -> Manifests.list(group, "rules").stream())
        .toList();
  }

  private static List<JsonObject> targets() {
    List<JsonObject> targets = new ArrayList<>();
    for (JsonElement panel : dashboard().getAsJsonArray("panels")) {
      if (panel.getAsJsonObject().has("targets")) {
        panel
            .getAsJsonObject()
            .getAsJsonArray("targets")
            .forEach(target -> targets.add(target.getAsJsonObject()));
      }
    }
    return targets;
  }

  static List<String> expressions() {
    List<String> expressions = new ArrayList<>();
    targets().forEach(target -> expressions.add(target.get("expr").getAsString()));
    alerts().forEach(alert -> expressions.add(Manifests.text(alert, "expr")));
    return expressions;
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void an_expression_asks_for_what_is_emitted(String text) {
    PromQl expression = new PromQl(text);

    assertThat(expression.metrics()).isNotEmpty().isSubsetOf(PrometheusNames.metrics());
    assertThat(expression.labels()).isSubsetOf(PrometheusNames.labels());
  }

  @Test
  void every_metric_is_on_the_dashboard() {
    Set<String> shown = new TreeSet<>();
    targets().forEach(each -> shown.addAll(new PromQl(each.get("expr").getAsString()).metrics()));

    assertThat(PrometheusNames.declared())
        .hasSizeGreaterThan(15)
        .allSatisfy(
            metric ->
                assertThat(metric.inPrometheus()).as(metric.name()).anyMatch(shown::contains));
  }

  @Test
  void texts_name_labels_that_their_expression_keeps() {
    for (Object alert : alerts()) {
      Set<String> kept = new PromQl(Manifests.text(alert, "expr")).labels();
      assertThat(labelsIn(Manifests.text(alert, "annotations.summary")))
          .as(Manifests.text(alert, "alert"))
          .isSubsetOf(kept);
    }
    for (JsonObject target : targets()) {
      Set<String> kept = new PromQl(target.get("expr").getAsString()).labels();
      assertThat(labelsIn(target.get("legendFormat").getAsString()))
          .as(target.get("expr").getAsString())
          .isSubsetOf(kept);
    }
  }

  private static Set<String> labelsIn(String text) {
    Set<String> labels = new TreeSet<>();
    LABEL_OF_TEXT
        .matcher(text)
        .results()
        .forEach(found -> labels.add(found.group(1) == null ? found.group(2) : found.group(1)));
    return labels;
  }

  @Test
  void every_alert_says_how_bad_it_is_and_leads_to_a_passage_that_exists() {
    for (Object alert : alerts()) {
      String name = Manifests.text(alert, "alert");
      assertThat(name).matches("Drivetrain[A-Za-z]+");
      assertThat(Manifests.text(alert, "labels.severity")).as(name).isIn("critical", "warning");
      String[] runbook = Manifests.text(alert, "annotations.runbook").split("#");
      assertThat(
              Repository.text(runbook[0])
                  .lines()
                  .filter(line -> line.startsWith("#"))
                  .map(
                      line -> line.replaceFirst("#+ ", "").toLowerCase().replaceAll("[^\\w -]", ""))
                  .map(heading -> heading.replace(' ', '-')))
          .as(name)
          .contains(runbook[1]);
    }
  }

  @Test
  void panels_have_numbers_and_places_of_their_own() {
    Set<String> places = new TreeSet<>();
    Set<Integer> ids = new TreeSet<>();
    List<JsonElement> panels = dashboard().getAsJsonArray("panels").asList();
    for (JsonElement panel : panels) {
      JsonObject place = panel.getAsJsonObject().getAsJsonObject("gridPos");
      places.add(place.get("x") + " " + place.get("y"));
      ids.add(panel.getAsJsonObject().get("id").getAsInt());
    }

    assertThat(places).hasSameSizeAs(panels);
    assertThat(ids).hasSameSizeAs(panels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(rate(a_total[5m])",
        "sum by (a (b)",
        "rate(a_total[5x])",
        "a_total b_total",
        "a_total > > 1",
        "sum(a_total{b=\"c\")",
        "sum(a_total{b c})",
        "summe(a_total)",
        "a_total >"
      })
  void what_is_no_expression_is_refused(String text) {
    assertThatThrownBy(() -> new PromQl(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
