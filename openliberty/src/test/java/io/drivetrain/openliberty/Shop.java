package io.drivetrain.openliberty;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The shop as a client over HTTP sees it. */
final class Shop {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  // Not 2: Open Liberty 26.0.0.3 takes the upgrade and then never ends the answer of a static file.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI uri;

  Shop(URI uri) {
    this.uri = uri;
  }

  /** Places an order and returns its number. */
  long place(String customer, String item, int quantity) {
    HttpResponse<String> answer = post("orders", order(customer, item, quantity));
    if (answer.statusCode() != 201) {
      throw new AssertionError("not placed: " + answer.statusCode() + " " + answer.body());
    }
    return json(answer.body()).getInt("id");
  }

  static String order(String customer, String item, int quantity) {
    return Json.createObjectBuilder()
        .add("customer", customer)
        .add("item", item)
        .add("quantity", quantity)
        .build()
        .toString();
  }

  void putCustomer(String id, String name, String city) {
    String body =
        Json.createObjectBuilder()
            .add("id", id)
            .add("name", name)
            .add("city", city)
            .build()
            .toString();
    expect(202, post("api/customers", body));
  }

  void deleteCustomer(String id) {
    expect(202, send(request("api/customers/" + id).DELETE()));
  }

  void breakBilling(String customer) {
    expect(204, post("api/customers/" + customer + "/break", ""));
  }

  void healBilling(String customer) {
    expect(204, post("api/customers/" + customer + "/heal", ""));
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  JsonObject state() {
    HttpResponse<String> answer = get("api/state");
    expect(200, answer);
    return json(answer.body());
  }

  /** The partitions of a channel that are paused now. */
  List<JsonObject> paused(String channel) {
    return channel(channel).getJsonArray("partitions").getValuesAs(JsonObject.class).stream()
        .filter(partition -> partition.containsKey("pause"))
        .toList();
  }

  JsonObject channel(String name) {
    return state().getJsonArray("channels").getValuesAs(JsonObject.class).stream()
        .filter(channel -> channel.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no channel " + name));
  }

  /** One of {@code started}, {@code ready}, {@code live}. */
  Health health(String kind) {
    HttpResponse<String> answer = get("health/" + kind);
    return new Health(answer.statusCode(), json(answer.body()));
  }

  /** An answer of the server's health endpoint. */
  record Health(int status, JsonObject body) {
    Optional<JsonObject> check(String name) {
      return body.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
          .filter(check -> check.getString("name").equals(name))
          .findFirst();
    }

    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path)).timeout(TIMEOUT);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("the shop does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void expect(int status, HttpResponse<String> answer) {
    if (answer.statusCode() != status) {
      throw new AssertionError(
          answer.uri()
              + ": "
              + answer.statusCode()
              + " instead of "
              + status
              + " "
              + answer.body());
    }
  }

  private static JsonObject json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
