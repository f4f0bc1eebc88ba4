package io.drivetrain.avro.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drivetrain.schema.RegistryUnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends requests to one registry and reads the answers, without remembering anything. A calling
 * thread waits no longer than the timeout per address, and heeds interrupts. Thread-safe.
 */
final class RegistryClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "application/vnd.schemaregistry.v1+json";

  private final RegistrySettings settings;
  private final HttpClient http;

  /** Index of the address that answered last. */
  private volatile int good;

  /** An answer: 2xx, or what the registry says against the request. */
  record Answer(int status, JsonNode body) {

    boolean isGood() {
      return status / 100 == 2;
    }

    /** What it says, for a sentence. */
    String message() {
      String text = body.path("message").asText("");
      return "status " + status + (text.isEmpty() ? "" : ", " + text);
    }
  }

  RegistryClient(RegistrySettings settings) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .build();
  }

  Answer get(String path) {
    return send(path, null);
  }

  Answer post(String path, JsonNode body) {
    return send(path, body.toString());
  }

  static ObjectMapper json() {
    return JSON;
  }

  private Answer send(String path, String body) {
    List<URI> urls = settings.urls();
    RegistryUnavailableException failure = null;
    int first = good;
    for (int i = 0; i < urls.size(); i++) {
      int index = (first + i) % urls.size();
      try {
        Answer answer = twice(urls.get(index), path, body);
        good = index;
        return answer;
      } catch (RegistryUnavailableException e) {
        failure = e;
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw failure;
  }

  /** A connection kept from before a restart of the registry fails once. */
  private Answer twice(URI url, String path, String body) {
    try {
      try {
        return once(url, path, body);
      } catch (HttpTimeoutException | ConnectException e) {
        throw e;
      } catch (IOException e) {
        return once(url, path, body);
      }
    } catch (IOException e) {
      throw unavailable(url, e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(url, "interrupted while it was asked", e);
    }
  }

  private Answer once(URI url, String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(settings.timeout())
            .header("Accept", TYPE + ", application/json");
    settings.authorization().ifPresent(value -> request.header("Authorization", value));
    if (body != null) {
      request
          .header("Content-Type", TYPE)
          .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    int status = response.statusCode();
    JsonNode json = parsed(response.body());
    boolean ofTheRequest = status == 404 || status == 409 || status == 422 || status == 400;
    if (status / 100 == 2 && json.isMissingNode()) {
      throw unavailable(url, "its answer is no JSON", null);
    }
    if (status / 100 != 2 && (!ofTheRequest || json.path("error_code").isMissingNode())) {
      // A 404 that is not the registry's own is that of something in front of it.
      throw unavailable(url, "status " + status, null);
    }
    return new Answer(status, json);
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
  }

  private static RegistryUnavailableException unavailable(URI url, String why, Exception cause) {
    return new RegistryUnavailableException(
        "the schema registry at " + url + " does not serve: " + why, cause);
  }
}
