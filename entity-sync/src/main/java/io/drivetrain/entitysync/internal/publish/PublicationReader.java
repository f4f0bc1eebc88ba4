package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.EntityPublisher;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads one {@link Published} with its settings {@code
 * drivetrain.entity-sync.published.<Entity>.*}, which win. The one place that knows their names.
 */
final class PublicationReader {
  private final EntityShape shape;
  private final Settings settings;
  private final String prefix;
  private final Function<Class<?>, EntityPublisher<?>> beans;

  PublicationReader(
      EntityShape shape,
      Class<?> declaring,
      Settings settings,
      Function<Class<?>, EntityPublisher<?>> beans) {
    this.beans = beans;
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
    if (!settings.flag(PublishedSettings.ALL_ENABLED, true)
        || !settings.flag(prefix + PublishedSettings.ENABLED, true)) {
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
    RecordKey key = key(annotation);
    TopicFormat format = format(topic);
    List<Attribute> published = published(annotation, format);
    return Optional.of(
        new Publication(
            shape,
            topic,
            format,
            key,
            published,
            embedded(annotation, published),
            watched(annotation, key, published),
            on(annotation),
            publisher(annotation)));
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

  private RecordKey key(Published annotation) {
    List<String> names = settings.list(prefix + PublishedSettings.KEY);
    if (names.isEmpty()) {
      names = Arrays.asList(annotation.key());
    }
    List<Attribute> attributes = new ArrayList<>();
    for (String name : names) {
      attributes.add(shape.require(name, "key of @Published"));
    }
    if (attributes.isEmpty()) {
      attributes = shape.ids();
    }
    attributes.forEach(attribute -> requireKeyType(attribute.name(), attribute));
    return new RecordKey(List.copyOf(attributes));
  }

  private void requireKeyType(String path, Attribute attribute) {
    switch (attribute.kind()) {
      case EMBEDDED ->
          attribute.components().forEach(part -> requireKeyType(path + "." + part.name(), part));
      case REFERENCE ->
          EntityShape.of(attribute.type())
              .ids()
              .forEach(part -> requireKeyType(path + "." + part.name(), part));
      case BASIC -> {
        if (!Coercion.isKeyType(attribute.type())) {
          throw new MappingException(
              shape.name()
                  + "."
                  + path
                  + " cannot be the key of @Published: it is a "
                  + attribute.type().getName()
                  + "; expected text, a number, a UUID or an enum");
        }
      }
    }
  }

  private Set<Attribute> embedded(Published annotation, List<Attribute> published) {
    Set<Attribute> embedded = new HashSet<>();
    for (String name : annotation.embed()) {
      Attribute attribute = shape.require(name, "embedded association");
      if (attribute.kind() != Kind.REFERENCE || !published.contains(attribute)) {
        throw new MappingException(
            shape.name()
                + "."
                + name
                + " cannot be embedded by @Published; expected a published to-one association");
      }
      embedded.add(attribute);
    }
    return Set.copyOf(embedded);
  }

  @SuppressWarnings("unchecked") // PublisherCheck has compared its type argument with the entity.
  private Supplier<EntityPublisher<Object>> publisher(Published annotation) {
    Class<?> type = annotation.publisher();
    if (type == EntityPublisher.class) {
      return () -> Publication.AS_ANNOTATED;
    }
    return new Once<>(() -> (EntityPublisher<Object>) beans.apply(type));
  }

  /** Remembers what it was given first; any thread. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile T value;

    Once(Supplier<T> source) {
      this.source = source;
    }

    @Override
    public T get() {
      if (value == null) {
        value = source.get();
      }
      return value;
    }
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
                + String.join(", ", fields.orElse(Set.of())));
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

  private List<Attribute> watched(Published annotation, RecordKey key, List<Attribute> published) {
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
    key.attributes().stream().filter(each -> !watched.contains(each)).forEach(watched::add);
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
