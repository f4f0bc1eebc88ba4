package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.schema.KeyKind;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one {@link Published} with its settings {@code
 * drivetrain.entity-sync.published.<Entity>.*}, which win. The one place that knows their names.
 */
final class PublicationReader {
  private final EntityShape shape;
  private final Settings settings;
  private final String prefix;

  PublicationReader(EntityShape shape, Class<?> declaring, Settings settings) {
    this.shape = shape;
    this.settings = settings;
    this.prefix = PublishedSettings.PREFIX + declaring.getSimpleName() + ".";
  }

  /**
   * Empty if switched off.
   *
   * @param only whether the entity has one {@code @Published}; settings cannot tell several apart
   */
  Optional<Publication> read(Published annotation, boolean only) {
    if (!settings.flag(prefix + PublishedSettings.ENABLED, true)) {
      return Optional.empty();
    }
    if (!only) {
      for (String name : PublishedSettings.OF_ONE) {
        if (settings.text(prefix + name).isPresent()) {
          throw new SettingsException(
              prefix
                  + name
                  + " cannot tell which @Published of "
                  + shape.name()
                  + " it means;"
                  + " expected no such setting for an entity with several");
        }
      }
    }
    String topic = settings.text(prefix + PublishedSettings.TOPIC, annotation.topic());
    if (topic.isBlank()) {
      throw new MappingException("@Published on " + shape.name() + " has an empty topic");
    }
    Attribute key = key(settings.text(prefix + PublishedSettings.KEY, annotation.key()));
    TopicFormat format = format(topic);
    List<Attribute> published = published(annotation, format);
    List<Attribute> watched = watched(annotation, key, published);
    return Optional.of(
        new Publication(shape, topic, format, key, published, watched, on(annotation)));
  }

  private TopicFormat format(String topic) {
    TopicFormat format = TopicFormat.of(settings, topic);
    if (!format.values().isStructured()) {
      throw SettingsException.of(
          "drivetrain.topics." + topic + ".codec",
          format.values().name(),
          "json or avro, because entity " + shape.name() + " is published to it");
    }
    if (format.keyKind() == KeyKind.NONE) {
      throw SettingsException.of(
          "drivetrain.topics." + topic + ".key",
          "none",
          "anything else, because entity " + shape.name() + " is published to it by its key");
    }
    return format.forWriting();
  }

  private Attribute key(String name) {
    Attribute key;
    if (name.isEmpty()) {
      key =
          shape
              .simpleId()
              .orElseThrow(
                  () ->
                      new MappingException(
                          shape.name()
                              + " has a compound id; name the attribute that is the record key:"
                              + " @Published(key = …)"));
    } else {
      key = shape.require(name, "key of @Published");
    }
    Class<?> type =
        key.kind() == Kind.REFERENCE ? EntityShape.of(key.type()).ids().get(0).type() : key.type();
    if (key.kind() == Kind.EMBEDDED || !Coercion.isKeyType(type)) {
      throw new MappingException(
          shape.name()
              + "."
              + key.name()
              + " cannot be the key of @Published: it is a "
              + type.getName()
              + "; expected text, a number, a UUID or an enum");
    }
    return key;
  }

  /** Those named; else all, or of a topic with a schema those it has. */
  private List<Attribute> published(Published annotation, TopicFormat format) {
    Optional<Set<String>> fields = format.values().fields();
    if (annotation.attributes().length == 0) {
      List<Attribute> all = new ArrayList<>(shape.attributes());
      fields.ifPresent(names -> all.removeIf(attribute -> !names.contains(attribute.name())));
      if (all.isEmpty()) {
        throw new MappingException(
            "The schema of topic "
                + format.topic()
                + " has none of the attributes of "
                + shape.name()
                + "; it has "
                + String.join(", ", fields.orElseThrow()));
      }
      return all;
    }
    List<Attribute> published = new ArrayList<>();
    for (String name : annotation.attributes()) {
      published.add(shape.require(name, "published attribute"));
      if (!fields.map(names -> names.contains(name)).orElse(true)) {
        throw new MappingException(
            "@Published on "
                + shape.name()
                + " names the attribute "
                + name
                + ", which the schema of topic "
                + format.topic()
                + " has not; it has "
                + String.join(", ", fields.orElseThrow()));
      }
    }
    return published;
  }

  private List<Attribute> watched(Published annotation, Attribute key, List<Attribute> published) {
    List<String> names = settings.list(prefix + PublishedSettings.WATCH);
    if (names.isEmpty()) {
      names = Arrays.asList(annotation.watch());
    }
    List<Attribute> watched = new ArrayList<>();
    if (names.isEmpty()) {
      published.stream().filter(a -> !a.isBookkeeping() && !a.isLazy()).forEach(watched::add);
    }
    for (String name : names) {
      watched.add(shape.require(name, "watched attribute"));
    }
    if (!watched.contains(key)) {
      watched.add(key);
    }
    return List.copyOf(watched);
  }

  private Set<Change> on(Published annotation) {
    List<String> names = settings.list(prefix + PublishedSettings.ON);
    Set<Change> on = EnumSet.noneOf(Change.class);
    on.addAll(Arrays.asList(annotation.on()));
    if (!names.isEmpty()) {
      on.clear();
      for (String name : names) {
        on.add(change(name));
      }
    }
    if (on.isEmpty()) {
      throw new MappingException("@Published on " + shape.name() + " publishes no kind of change");
    }
    return on;
  }

  private Change change(String name) {
    for (Change change : Change.values()) {
      if (change.name().equalsIgnoreCase(name)) {
        return change;
      }
    }
    throw SettingsException.of(
        prefix + PublishedSettings.ON, name, "some of create, update, delete");
  }
}
