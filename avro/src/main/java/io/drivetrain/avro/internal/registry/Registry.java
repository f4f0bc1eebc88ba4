package io.drivetrain.avro.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.RegistryUnavailableException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;

/**
 * One schema registry. What it once said stays true, ids and schemas never change, and so is kept:
 * while it is away, everything known goes on working. Thread-safe.
 */
public final class Registry {
  /** After a failure the next question waits for this long: each could take a whole timeout. */
  private static final long REST_NANOS = 1_000_000_000L;

  private final RegistrySettings settings;
  private final RegistryClient client;
  private final LongSupplier nanoTime;
  private final Map<Wanted, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<String, Schema> latest = new ConcurrentHashMap<>();
  private volatile Away away;

  private record Away(long since, RegistryUnavailableException failure) {}

  /** Compared by the object: comparing whole schemas for every record would be slow. */
  private record Wanted(String subject, Schema schema) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Wanted wanted
          && wanted.schema == schema
          && wanted.subject.equals(subject);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(schema) * 31 + subject.hashCode();
    }
  }

  /** A registry that was not asked yet. */
  public Registry(RegistrySettings settings) {
    this(settings, System::nanoTime);
  }

  Registry(RegistrySettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.client = new RegistryClient(settings);
    this.nanoTime = nanoTime;
  }

  /**
   * The id of a schema in a subject; registered first if it is not, and that is allowed.
   *
   * @throws CodecException if the registry does not take it, or may not be given it
   * @throws RegistryUnavailableException if it is not known here and the registry is away
   */
  public int id(String subject, Schema schema) {
    Integer known = ids.get(new Wanted(subject, schema));
    if (known != null) {
      return known;
    }
    if (!settings.registers()) {
      return find(subject, schema)
          .orElseThrow(
              () ->
                  new CodecException(
                      "the schema "
                          + schema.getFullName()
                          + " is not registered under "
                          + subject
                          + "; register it, or set auto-register=true"));
    }
    RegistryClient.Answer answer = post("/subjects/" + encoded(subject) + "/versions", schema);
    if (!answer.isGood()) {
      throw new CodecException(
          "the schema registry does not take "
              + schema.getFullName()
              + " as the next version of "
              + subject
              + ": "
              + answer.message());
    }
    return keep(subject, schema, answer.body());
  }

  /**
   * The id of a schema if it is registered.
   *
   * @throws RegistryUnavailableException if it is not known here and the registry is away
   */
  public Optional<Integer> find(String subject, Schema schema) {
    Integer known = ids.get(new Wanted(subject, schema));
    if (known != null) {
      return Optional.of(known);
    }
    RegistryClient.Answer answer = post("/subjects/" + encoded(subject), schema);
    return answer.isGood() ? Optional.of(keep(subject, schema, answer.body())) : Optional.empty();
  }

  private int keep(String subject, Schema schema, JsonNode body) {
    int id = body.path("id").asInt();
    ids.put(new Wanted(subject, schema), id);
    return id;
  }

  /**
   * The schema of an id.
   *
   * @throws CodecException if there is none
   * @throws RegistryUnavailableException if it is not known here and the registry is away
   */
  public Schema schema(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    RegistryClient.Answer answer = ask(() -> client.get("/schemas/ids/" + id));
    if (!answer.isGood()) {
      throw new CodecException("the schema registry has no schema " + id + ": " + answer.message());
    }
    Schema parsed = parsed("schema " + id, answer.body());
    Schema before = schemas.putIfAbsent(id, parsed);
    return before == null ? parsed : before;
  }

  /**
   * The newest schema of a subject, as it was when first asked for.
   *
   * @throws CodecException if there is none
   * @throws RegistryUnavailableException if it is not known here and the registry is away
   */
  public Schema latest(String subject) {
    Schema known = latest.get(subject);
    if (known != null) {
      return known;
    }
    RegistryClient.Answer answer =
        ask(() -> client.get("/subjects/" + encoded(subject) + "/versions/latest"));
    if (!answer.isGood()) {
      throw new CodecException(
          "the schema registry has no schema under "
              + subject
              + ", and the topic has none set: "
              + answer.message());
    }
    Schema parsed = parsed(subject, answer.body());
    ids.put(new Wanted(subject, parsed), answer.body().path("id").asInt());
    Schema before = latest.putIfAbsent(subject, parsed);
    return before == null ? parsed : before;
  }

  /**
   * Whether the registry would take a schema as the next version of a subject; empty list if so.
   *
   * @throws RegistryUnavailableException if it is away
   */
  public List<String> objections(String subject, Schema schema) {
    RegistryClient.Answer answer =
        post(
            "/compatibility/subjects/" + encoded(subject) + "/versions/latest?verbose=true",
            schema);
    if (answer.status() == 404) {
      return List.of(); // Nothing there that it could contradict.
    }
    if (!answer.isGood()) {
      return List.of(answer.message());
    }
    if (answer.body().path("is_compatible").asBoolean()) {
      return List.of();
    }
    List<String> said = new ArrayList<>();
    answer.body().path("messages").forEach(message -> said.add(message.asText()));
    return said.isEmpty() ? List.of("it is not compatible with the latest version") : said;
  }

  private Schema parsed(String what, JsonNode body) {
    if (!body.path("schemaType").asText("AVRO").equals("AVRO")
        || body.path("references").size() > 0) {
      throw new CodecException(
          what
              + " of the schema registry is "
              + (body.path("references").size() > 0
                  ? "in several parts (references)"
                  : body.path("schemaType").asText())
              + "; expected Avro in one piece");
    }
    try {
      return new Schema.Parser().parse(body.path("schema").asText());
    } catch (RuntimeException e) {
      throw new CodecException(what + " of the schema registry is no Avro schema", e);
    }
  }

  private RegistryClient.Answer post(String path, Schema schema) {
    ObjectNode body = RegistryClient.json().createObjectNode();
    body.put("schema", text(schema));
    return ask(() -> client.post(path, body));
  }

  private interface Question {
    RegistryClient.Answer ask();
  }

  private RegistryClient.Answer ask(Question question) {
    Away before = away;
    if (before != null && nanoTime.getAsLong() - before.since() < REST_NANOS) {
      throw new RegistryUnavailableException(
          before.failure().getMessage(), before.failure().getCause());
    }
    try {
      RegistryClient.Answer answer = question.ask();
      away = null;
      return answer;
    } catch (RegistryUnavailableException e) {
      if (!(e.getCause() instanceof InterruptedException)) {
        away = new Away(nanoTime.getAsLong(), e);
      }
      throw e;
    }
  }

  /** Without what is about Java classes only: it would be a version of its own. */
  private static String text(Schema schema) {
    String text = schema.toString();
    if (!text.contains("avro.java.string")) {
      return text;
    }
    try {
      JsonNode tree = RegistryClient.json().readTree(text);
      strip(tree);
      // Parsed, because {"type": "string"} alone is "string", and a registry compares texts.
      return new Schema.Parser().parse(tree.toString()).toString();
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("avro.java.string");
    }
    for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
      strip(parts.next());
    }
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
