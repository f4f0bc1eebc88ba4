package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.BrokerProcess.Listener;
import io.drivetrain.testkit.internal.Certificates;
import io.drivetrain.testkit.internal.Directories;
import io.drivetrain.testkit.internal.Patience;
import io.drivetrain.testkit.internal.SecuredBroker;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker with guarded doors: the one user it knows logs in by any of {@link Login} and may touch
 * only what a test {@linkplain #allow allows}. The test itself uses {@link #broker()}, whose own
 * address knows no guard. Always a process of its own, never a container; its certificates are made
 * when it starts. Thread-safe.
 */
public final class SecuredKafkaBroker implements AutoCloseable {
  private static final String USER = "app";
  private static final Duration BOUND = Duration.ofSeconds(30);

  /** How the user shows who it is. */
  public enum Login {
    /** User and password. */
    PLAIN,
    /** User and password, never sent. */
    SCRAM_SHA_256,
    /** User and password, never sent. */
    SCRAM_SHA_512,
    /** A token, which this broker takes unsigned. */
    OAUTHBEARER,
    /** User and password over TLS. */
    PLAIN_OVER_TLS,
    /** A client certificate in PKCS12 files. */
    CERTIFICATE,
    /** A client certificate in PEM files. */
    PEM_FILES,
    /** A client certificate as PEM text in the properties themselves. */
    PEM_TEXT
  }

  private final Path directory;
  private final String password;
  private final Certificates certificates;
  private final SecuredBroker secured;
  private final KafkaBroker broker;

  private SecuredKafkaBroker(Path directory, String password) {
    this.directory = directory;
    this.password = password;
    this.certificates = new Certificates(directory, USER, password);
    this.secured = SecuredBroker.create(certificates, USER, password);
    this.broker = new KafkaBroker(secured.process(), Optional.of(secured.process().clusterId()));
  }

  /** A broker that serves. Takes some seconds: close it late. */
  public static SecuredKafkaBroker started() {
    SecuredKafkaBroker secured =
        new SecuredKafkaBroker(
            Directories.create("drivetrain-certificates"), "secret-" + UUID.randomUUID());
    try {
      secured.broker.start();
      secured.createScramUser();
      return secured;
    } catch (RuntimeException e) {
      secured.close();
      throw e;
    }
  }

  /** The same broker without a guard: for topics, records, stops and starts. */
  public KafkaBroker broker() {
    return broker;
  }

  /** The user's password, also that of the PKCS12 files; another one for every broker. */
  public String password() {
    return password;
  }

  /**
   * What a client of the user is configured with: {@code bootstrap.servers}, {@code
   * security.protocol} and whatever this login needs, by Kafka's names.
   */
  public Map<String, String> clientProperties(Login login) {
    return switch (login) {
      case PLAIN -> sasl(secured.passwords(), "PLAIN", jaas("plain.Plain"));
      case SCRAM_SHA_256 -> sasl(secured.passwords(), "SCRAM-SHA-256", jaas("scram.Scram"));
      case SCRAM_SHA_512 -> sasl(secured.passwords(), "SCRAM-SHA-512", jaas("scram.Scram"));
      case OAUTHBEARER ->
          sasl(
              secured.passwords(),
              "OAUTHBEARER",
              "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                  + " unsecuredLoginStringClaim_sub=\""
                  + USER
                  + "\";");
      case PLAIN_OVER_TLS -> {
        Map<String, String> properties = sasl(secured.tls(), "PLAIN", jaas("plain.Plain"));
        properties.putAll(trust());
        yield properties;
      }
      case CERTIFICATE -> {
        Map<String, String> properties = common(secured.certificates());
        properties.putAll(trust());
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("ssl.keystore.location", certificates.clientFile().toString());
        properties.put("ssl.keystore.password", password);
        yield properties;
      }
      case PEM_FILES -> {
        Map<String, String> properties = common(secured.certificates());
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.location", certificates.authorityPemFile().toString());
        properties.put("ssl.keystore.type", "PEM");
        properties.put("ssl.keystore.location", certificates.clientPemFile().toString());
        yield properties;
      }
      case PEM_TEXT -> pemText();
    };
  }

  /** Lets the user do everything with a topic. */
  public void allow(Topic topic) {
    allow(ResourceType.TOPIC, topic.name());
  }

  /** Lets the user be a member of a group and commit for it. */
  public void allowGroup(String group) {
    allow(ResourceType.GROUP, group);
  }

  private void allow(ResourceType type, String name) {
    AclBinding binding =
        new AclBinding(
            new ResourcePattern(type, name, PatternType.LITERAL),
            new AccessControlEntry("User:" + USER, "*", AclOperation.ALL, AclPermissionType.ALLOW));
    Clients.answer("allow " + binding, broker.admin().createAcls(List.of(binding)).all());
    boolean known =
        Patience.await(
            BOUND,
            () ->
                !Clients.answer(
                        "describe " + binding,
                        broker.admin().describeAcls(binding.toFilter()).values())
                    .isEmpty());
    if (!known) {
      throw new IllegalStateException("the broker does not know of " + binding);
    }
  }

  private Map<String, String> pemText() {
    try {
      Map<String, String> properties = common(secured.certificates());
      properties.put("ssl.truststore.type", "PEM");
      properties.put("ssl.truststore.certificates", certificates.authorityPem());
      properties.put("ssl.keystore.type", "PEM");
      properties.put("ssl.keystore.certificate.chain", certificates.clientPem());
      properties.put("ssl.keystore.key", certificates.clientKeyPem());
      return properties;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificates cannot be written as PEM", e);
    }
  }

  private Map<String, String> trust() {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        certificates.authorityFile().toString(),
        "ssl.truststore.password",
        password);
  }

  private static Map<String, String> common(Listener listener) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("bootstrap.servers", listener.host() + ":" + listener.port());
    properties.put("security.protocol", listener.protocol());
    return properties;
  }

  private static Map<String, String> sasl(Listener listener, String mechanism, String jaas) {
    Map<String, String> properties = common(listener);
    properties.put("sasl.mechanism", mechanism);
    properties.put("sasl.jaas.config", jaas);
    return properties;
  }

  private String jaas(String module) {
    return "org.apache.kafka.common.security."
        + module
        + "LoginModule required username=\""
        + USER
        + "\" password=\""
        + password
        + "\";";
  }

  private void createScramUser() {
    Admin admin = broker.admin();
    for (ScramMechanism mechanism :
        List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
      ScramCredentialInfo info = new ScramCredentialInfo(mechanism, 4096);
      Clients.answer(
          "create a SCRAM user",
          admin
              .alterUserScramCredentials(
                  List.of(new UserScramCredentialUpsertion(USER, info, password)))
              .all());
    }
    boolean known =
        Patience.await(
            BOUND,
            () -> {
              var users =
                  Clients.answer(
                      "describe SCRAM users", admin.describeUserScramCredentials().all());
              return users.containsKey(USER) && users.get(USER).credentialInfos().size() == 2;
            });
    if (!known) {
      throw new IllegalStateException("the broker does not know its SCRAM user");
    }
  }

  /** Ends it and removes its data and its certificates. */
  @Override
  public void close() {
    broker.close();
    Directories.delete(directory);
  }
}
