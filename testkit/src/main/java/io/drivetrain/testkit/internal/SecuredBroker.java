package io.drivetrain.testkit.internal;

import io.drivetrain.testkit.internal.BrokerProcess.Listener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The process and the settings of a broker with guarded listeners beside the plain one, which is
 * the testkit's own and may do everything. Immutable.
 *
 * @param process not started
 * @param passwords for user and password over a plain connection
 * @param certificates for client certificates over TLS
 * @param tls for user and password over TLS
 */
public record SecuredBroker(
    BrokerProcess process, Listener passwords, Listener certificates, Listener tls) {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";";
  private static final String SCRAM =
      "org.apache.kafka.common.security.scram.ScramLoginModule required;";
  private static final String BEARER =
      "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;";

  /** Prepares one without starting it. */
  public static SecuredBroker create(Certificates files, String user, String password) {
    Deque<Integer> ports = new ArrayDeque<>(FreePorts.next(3));
    Listener passwords = new Listener("SASL", "SASL_PLAINTEXT", "127.0.0.1", ports.pop());
    Listener certificates = new Listener("SSL", "SSL", "localhost", ports.pop());
    Listener tls = new Listener("SASLSSL", "SASL_SSL", "localhost", ports.pop());
    Map<String, String> properties = new HashMap<>();
    properties.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // Who comes by the plain listener: the testkit, the controller, the broker itself.
    properties.put("super.users", "User:ANONYMOUS");
    properties.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
    for (Listener listener : List.of(passwords, tls)) {
      String prefix = "listener.name." + listener.name().toLowerCase(java.util.Locale.ROOT) + ".";
      properties.put(prefix + "plain.sasl.jaas.config", PLAIN.formatted(user, password));
      properties.put(prefix + "scram-sha-256.sasl.jaas.config", SCRAM);
      properties.put(prefix + "scram-sha-512.sasl.jaas.config", SCRAM);
      properties.put(prefix + "oauthbearer.sasl.jaas.config", BEARER);
    }
    properties.put("ssl.keystore.location", files.brokerFile().toString());
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.password", password);
    properties.put("ssl.truststore.location", files.authorityFile().toString());
    properties.put("ssl.truststore.type", "PKCS12");
    properties.put("ssl.truststore.password", password);
    properties.put("listener.name.ssl.ssl.client.auth", "required");
    properties.put("ssl.principal.mapping.rules", "RULE:^CN=(.*?)$/$1/,DEFAULT");
    return new SecuredBroker(
        BrokerProcess.alone(List.of(passwords, certificates, tls), properties),
        passwords,
        certificates,
        tls);
  }
}
