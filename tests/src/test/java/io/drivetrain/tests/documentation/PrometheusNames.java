package io.drivetrain.tests.documentation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the code measures, under the names that OpenTelemetry's metrics have in Prometheus. */
final class PrometheusNames {
  private static final Pattern METRIC =
      Pattern.compile(
          "\"((?:messaging|drivetrain)\\.[a-z_.]+)\",\\s*(?:\\w+\\.)?Kind\\.(\\w+),\\s*\"([^\"]+)\"");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\w+Key\\(\"([a-z_.]+)\"\\)");

  /** A metric as declared: its name, kind and unit. */
  record Metric(String name, String kind, String unit) {

    Stream<String> inPrometheus() {
      String plain = name.replace('.', '_');
      boolean gauge = kind.contains("GAUGE");
      String base =
          switch (unit) {
            case "s" -> plain + "_seconds";
            case "By" -> plain + "_bytes";
            case "1" -> gauge ? plain + "_ratio" : plain;
            default -> plain;
          };
      if (kind.contains("HISTOGRAM")) {
        return Stream.of("_bucket", "_sum", "_count").map(base::concat);
      }
      return Stream.of(kind.contains("COUNTER") ? base + "_total" : base);
    }
  }

  private PrometheusNames() {}

  private static Stream<Path> sources() {
    return Repository.productSources().stream()
        .filter(source -> source.getParent().endsWith("opentelemetry"));
  }

  /** Every metric that a module declares. */
  static List<Metric> declared() {
    List<Metric> metrics = new ArrayList<>();
    sources()
        .forEach(
            source -> {
              Matcher metric = METRIC.matcher(Repository.text(source));
              while (metric.find()) {
                metrics.add(new Metric(metric.group(1), metric.group(2), metric.group(3)));
              }
            });
    return metrics;
  }

  static Set<String> metrics() {
    return declared().stream()
        .flatMap(Metric::inPrometheus)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The attributes of them, and the labels that Prometheus itself gives. */
  static Set<String> labels() {
    Set<String> labels = new TreeSet<>(Set.of("instance", "le"));
    sources()
        .flatMap(source -> ATTRIBUTE.matcher(Repository.text(source)).results())
        .forEach(found -> labels.add(found.group(1).replace('.', '_')));
    return labels;
  }
}
