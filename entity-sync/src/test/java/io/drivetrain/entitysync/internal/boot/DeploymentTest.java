package io.drivetrain.entitysync.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import io.drivetrain.entitysync.internal.consume.ContainerPersistence;
import io.drivetrain.entitysync.internal.consume.DefaultUnit;
import io.drivetrain.entitysync.internal.consume.EntityBatchParameter;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Article;
import io.drivetrain.entitysync.shop.Ticket;
import io.drivetrain.entitysync.shop.Widget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deployment finds, offers and refuses, in a real CDI container. */
class DeploymentTest {
  @TempDir Path application;
  private ClassLoader before;
  private URLClassLoader loader;

  @BeforeEach
  void applicationLoader() throws IOException {
    before = Thread.currentThread().getContextClassLoader();
    loader = new Application(application.toUri().toURL(), before);
    Thread.currentThread().setContextClassLoader(loader);
  }

  @AfterEach
  void restoreLoader() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }

  /** Sees the test's META-INF files only, not those of the test class path. */
  private static final class Application extends URLClassLoader {
    Application(URL root, ClassLoader parent) {
      super(new URL[] {root}, parent);
    }

    @Override
    public java.util.Enumeration<URL> getResources(String name) throws IOException {
      return name.equals("META-INF/persistence.xml") || name.equals("META-INF/orm.xml")
          ? findResources(name)
          : super.getResources(name);
    }
  }

  @Entity
  @Published(topic = "t")
  static class Unheard {
    @Id long id;
  }

  @Entity
  @EntityListeners(PublishedListener.class)
  @Published(topic = "t", key = "nmae")
  static class WrongKey {
    @Id long id;
    String name;
  }

  @Entity
  @EntityListeners(PublishedListener.class)
  @Published(
      topic = "t",
      watch = {"name", "prize"})
  static class WrongWatch {
    @Id long id;
    String name;
    int price;
  }

  @Entity
  @EntityListeners(PublishedListener.class)
  @Published(topic = "t", embed = "name")
  static class WrongEmbed {
    @Id long id;
    String name;
  }

  /** No bean: nothing says that it is one. */
  static class Desk implements EntityPublisher<WithDesk> {}

  @Entity
  @EntityListeners(PublishedListener.class)
  @Published(topic = "t", publisher = Desk.class)
  static class WithDesk {
    @Id long id;
  }

  @Entity
  @EntityListeners(PublishedListener.class)
  @Published(topic = "t", publisher = Desk.class)
  static class WithAnothersDesk {
    @Id long id;
  }

  @Published(topic = "t")
  static class NoEntity {}

  @ApplicationScoped
  static class ArticleSync extends EntityConsumer<Article> {}

  @ApplicationScoped
  static class TicketSync extends EntityConsumer<Ticket> {}

  @Test
  void a_published_entity_is_found_but_is_no_bean_and_its_listener_finds_the_publisher() {
    try (SeContainer container = deploy(Widget.class, Account.class)) {
      assertThat(container.select(EntitySyncExtension.class).get().published())
          .containsExactlyInAnyOrder(Widget.class.getName(), Account.class.getName());
      assertThat(container.select(Widget.class).isUnsatisfied()).isTrue();
      assertThat(Publishers.findOrNull()).isSameAs(container.select(Publisher.class).get());
      Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
      assertThat(Publishers.find(new Ticket("x"))).isNotNull();
      Thread.currentThread().setContextClassLoader(loader);
    }
    assertThat(Publishers.findOrNull()).isNull();
  }

  @Test
  void a_published_entity_that_only_persistence_xml_names_is_checked_too() throws IOException {
    persistenceXml(
        "<persistence-unit name='u'><class>"
            + Unheard.class.getName()
            + "</class></persistence-unit>");

    refused().contains("Unheard is @Published but nothing listens");
  }

  @Test
  void an_entity_that_nothing_listens_to_is_refused_with_the_line_to_add() {
    refused(Unheard.class)
        .isEqualTo(
            Unheard.class.getName()
                + " is @Published but nothing listens to its changes; add"
                + " @EntityListeners(io.drivetrain.entitysync.PublishedListener.class) to the class,"
                + " or with Hibernate drivetrain-hibernate to the application");
  }

  @Test
  void the_add_on_counts_with_hibernate_and_not_with_another_provider() throws IOException {
    file(
        "META-INF/services/org.hibernate.integrator.spi.Integrator",
        "io.drivetrain.hibernate.PublishedIntegrator");
    persistenceXml(
        "<persistence-unit name='u'><provider>org.hibernate.jpa.HibernatePersistenceProvider"
            + "</provider></persistence-unit>");
    deploy(Unheard.class).close();

    persistenceXml(
        "<persistence-unit name='u'><provider>org.eclipse.persistence.jpa.PersistenceProvider"
            + "</provider></persistence-unit>");
    refused(Unheard.class).contains("nothing listens to its changes");
  }

  @Test
  void the_applications_own_default_listener_counts() throws IOException {
    file(
        "META-INF/orm.xml",
        "<entity-mappings xmlns='https://jakarta.ee/xml/ns/persistence/orm' version='3.0'>"
            + "<persistence-unit-metadata><persistence-unit-defaults><entity-listeners>"
            + "<entity-listener class='"
            + PublishedListener.class.getName()
            + "'/></entity-listeners></persistence-unit-defaults></persistence-unit-metadata>"
            + "</entity-mappings>");

    deploy(Unheard.class).close();
  }

  @Test
  void unknown_attributes_are_refused_with_those_there_are() {
    refused(WrongKey.class)
        .isEqualTo(
            "WrongKey has no attribute 'nmae' to use as key of @Published; did you mean name? It"
                + " has id, name");
    refused(WrongWatch.class)
        .contains("WrongWatch has no attribute 'prize'", "did you mean price?");
    refused(WrongEmbed.class)
        .isEqualTo(
            "WrongEmbed.name cannot be embedded by @Published; expected a published to-one"
                + " association");
    refused(NoEntity.class).contains("nothing listens");
  }

  @Test
  void a_publisher_has_to_be_a_bean_that_takes_the_entity() {
    deploy(WithDesk.class, Desk.class).close();

    refused(WithDesk.class)
        .endsWith(
            "Desk, the publisher of WithDesk, is no CDI bean; annotate it with @ApplicationScoped");
    refused(WithAnothersDesk.class, Desk.class)
        .endsWith("expected EntityPublisher<WithAnothersDesk>");
  }

  @Test
  void everything_is_switched_off_by_one_setting() {
    String key = "drivetrain.entity-sync.published.enabled";
    with(
        key,
        "false",
        () -> {
          try (SeContainer container = deploy(Widget.class)) {
            // With anything to publish it would ask for an outbox, and there is none here.
            container.select(Publisher.class).get().created(new Widget(1, "a", "1"), false);
          }
        });
    with(key, "no", () -> refused(Widget.class).contains(key + " is 'no'; expected"));
  }

  @Test
  void settings_win_and_wrong_ones_are_refused() {
    String prefix = "drivetrain.entity-sync.published.";
    with(prefix + "Widget.topic", "other", () -> deploy(Widget.class).close());
    with(
        prefix + "Widget.tpic",
        "x",
        () ->
            refused(Widget.class)
                .contains(prefix + "Widget.tpic is not a setting; did you mean topic?"));
    with(
        prefix + "Wdget.topic",
        "x",
        () ->
            refused(Widget.class)
                .contains("Wdget.topic names no @Published entity; did you mean Widget?"));
    with(
        prefix + "Widget.on",
        "created",
        () -> refused(Widget.class).contains("expected some of create, update, delete"));
    with(prefix + "Widget.key", "nme", () -> refused(Widget.class).contains("did you mean name?"));
    with(
        "drivetrain.topics.widgets.codec",
        "bytes",
        () ->
            refused(Widget.class)
                .contains("drivetrain.topics.widgets.codec is 'bytes'; expected json"));
  }

  @Test
  void a_consumer_whose_entity_cannot_be_kept_is_refused() {
    deploy(ArticleSync.class).close();

    refused(TicketSync.class)
        .contains("TicketSync gives Ticket the record key as its id, but id is @GeneratedValue");
  }

  @Test
  void the_connector_finds_how_to_make_a_batch() {
    try (SeContainer container = deploy()) {
      BatchParameter<?> parameter = container.select(new TypeLiteral<BatchParameter<?>>() {}).get();
      assertThat(parameter.type()).isEqualTo(EntityBatch.class);
    }
  }

  @Test
  void the_default_unit_is_there_only_if_there_is_exactly_one() throws IOException {
    try (SeContainer container = deploy()) {
      assertThat(container.select(DefaultUnit.class).isUnsatisfied()).isTrue();
      assertThatThrownBy(() -> container.select(ContainerPersistence.class).get().entityManager())
          .hasMessageContaining("override entityManager()");
    }
    persistenceXml("<persistence-unit name='u'/>");
    try (SeContainer container = deploy()) {
      assertThat(container.select(DefaultUnit.class).isResolvable()).isTrue();
      assertThatThrownBy(() -> container.select(ContainerPersistence.class).get().entityManager())
          .hasMessageContaining("has not started the persistence unit");
    }
    persistenceXml("<persistence-unit name='u'/><persistence-unit name='v'/>");
    try (SeContainer container = deploy()) {
      assertThat(container.select(DefaultUnit.class).isUnsatisfied()).isTrue();
    }
  }

  @Test
  void a_resource_local_unit_is_refused() throws IOException {
    persistenceXml("<persistence-unit name='u' transaction-type='RESOURCE_LOCAL'/>");

    refused(Widget.class).contains("persistence unit u is RESOURCE_LOCAL");
  }

  private SeContainer deploy(Class<?>... beans) {
    List<Class<?>> all = new ArrayList<>(List.of(beans));
    all.addAll(
        List.of(
            DataSourceGuard.class,
            DefaultUnit.class,
            ContainerPersistence.class,
            EntityBatchParameter.class));
    return SeContainerInitializer.newInstance()
        .disableDiscovery()
        .setClassLoader(loader)
        .addExtensions(new EntitySyncExtension())
        .addBeanClasses(all.toArray(Class<?>[]::new))
        .initialize();
  }

  private org.assertj.core.api.AbstractStringAssert<?> refused(Class<?>... beans) {
    try (SeContainer container = deploy(beans)) {
      throw new AssertionError("deployed: " + container);
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return assertThat(cause.getMessage());
    }
  }

  /** With a loader of its own each time, because configuration is kept by loader. */
  private void with(String key, String value, Runnable test) {
    System.setProperty(key, value);
    try (Application fresh = new Application(application.toUri().toURL(), before)) {
      loader = fresh;
      Thread.currentThread().setContextClassLoader(fresh);
      test.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.clearProperty(key);
    }
  }

  private void persistenceXml(String units) throws IOException {
    file(
        "META-INF/persistence.xml",
        "<persistence xmlns='https://jakarta.ee/xml/ns/persistence' version='3.0'>"
            + units
            + "</persistence>");
  }

  private void file(String name, String text) throws IOException {
    Path file = application.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
