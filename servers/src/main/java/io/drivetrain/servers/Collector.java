package io.drivetrain.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A collector of OpenTelemetry's protocol, OTLP over HTTP with protobuf: keeps what a server
 * exports. Thread-safe.
 */
final class Collector implements AutoCloseable {
  private static final int OK = 200;

  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
  private final Set<String> metrics = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;

  Collector() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/v1/traces", exchange -> answer(exchange, this::takeSpans));
    http.createContext("/v1/metrics", exchange -> answer(exchange, this::takeMetrics));
    http.createContext("/", exchange -> answer(exchange, InputStream::readAllBytes));
    http.start();
  }

  /** What makes a server with MicroProfile Telemetry export to it, and soon. */
  Map<String, String> environment() {
    return Map.of(
        "OTEL_SDK_DISABLED", "false",
        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + http.getAddress().getPort(),
        "OTEL_METRIC_EXPORT_INTERVAL", "1000",
        "OTEL_BSP_SCHEDULE_DELAY", "500");
  }

  /** Spans so far. */
  List<Span> spans() {
    return List.copyOf(spans);
  }

  /** The names of all metrics so far. */
  Set<String> metrics() {
    return Set.copyOf(metrics);
  }

  private interface Reader {
    Object read(InputStream body) throws IOException;
  }

  private static void answer(HttpExchange exchange, Reader reader) throws IOException {
    try (exchange) {
      reader.read(body(exchange));
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(OK, -1);
    }
  }

  /** WildFly's exporter compresses, by itself. */
  private static InputStream body(HttpExchange exchange) throws IOException {
    InputStream body = exchange.getRequestBody();
    boolean compressed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return compressed ? new GZIPInputStream(body) : body;
  }

  private Object takeSpans(InputStream body) throws IOException {
    return ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .map(scope -> spans.addAll(scope.getSpansList()))
        .toList();
  }

  private Object takeMetrics(InputStream body) throws IOException {
    return ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .map(Metric::getName)
        .map(metrics::add)
        .toList();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
