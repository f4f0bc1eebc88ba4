package io.drivetrain.servers;

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
public final class Shop {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  // Not 2: Open Liberty 26.0.0.3 takes the upgrade and then never ends the answer of a static file.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI uri;
  private final URI health;

  /**
   * The shop on a server.
   *
   * @param health what its health checks are below
   */
  public Shop(URI uri, URI health) {
    this.uri = uri;
    this.health = health;
  }

  /** Places an order and returns its number. */
  public long place(String customer, String item, int quantity) {
    HttpResponse<String> answer = post("orders", order(customer, item, quantity));
    if (answer.statusCode() != 201) {
      throw new AssertionError("not placed: " + answer.statusCode() + " " + answer.body());
    }
    return number(answer);
  }

  /** The number of the order that an answer says was placed. */
  static long number(HttpResponse<String> placed) {
    return json(placed.body()).getInt("id");
  }

  /** An order as the shop takes it. */
  public static String order(String customer, String item, int quantity) {
    return Json.createObjectBuilder()
        .add("customer", customer)
        .add("item", item)
        .add("quantity", quantity)
        .build()
        .toString();
  }

  /** Adds or changes a customer through the page's API. */
  public void putCustomer(String id, String name, String city) {
    String body =
        Json.createObjectBuilder()
            .add("id", id)
            .add("name", name)
            .add("city", city)
            .build()
            .toString();
    expect(202, post("api/customers", body));
  }

  /** Deletes a customer through the page's API. */
  public void deleteCustomer(String id) {
    expect(202, delete("api/customers/" + id));
  }

  /** Lets billing fail for a customer. */
  public void breakBilling(String customer) {
    expect(204, post("api/customers/" + customer + "/break", ""));
  }

  /** Lets billing succeed again for a customer. */
  public void healBilling(String customer) {
    expect(204, post("api/customers/" + customer + "/heal", ""));
  }

  /** Posts JSON. */
  public HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** Deletes. */
  public HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  /** Gets. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** What the page shows. */
  public JsonObject state() {
    HttpResponse<String> answer = get("api/state");
    expect(200, answer);
    return json(answer.body());
  }

  /** The partitions of a channel that are paused now. */
  public List<JsonObject> paused(String channel) {
    return channel(channel).getJsonArray("partitions").getValuesAs(JsonObject.class).stream()
        .filter(partition -> partition.containsKey("pause"))
        .toList();
  }

  /** A channel as the page shows it. */
  public JsonObject channel(String name) {
    return state().getJsonArray("channels").getValuesAs(JsonObject.class).stream()
        .filter(channel -> channel.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no channel " + name));
  }

  /** One of {@code started}, {@code ready}, {@code live}. */
  public Health health(String kind) {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(health.resolve(kind)).timeout(TIMEOUT).GET());
    return new Health(answer.statusCode(), json(answer.body()));
  }

  /** An answer of the server's health endpoint. */
  public record Health(int status, JsonObject body) {
    /** One check of it. */
    public Optional<JsonObject> check(String name) {
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
