package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates of an authority that nobody but a test trusts: one for a broker, valid for {@code
 * localhost} and for no address, and one for a client. Made once, by the JDK's keytool, and kept as
 * files in a directory. Immutable.
 */
public final class Certificates {
  private static final long KEYTOOL_SECONDS = 60;
  private static final String TYPE = "PKCS12";
  private static final String AUTHORITY = "authority";
  private static final String BROKER = "broker";
  private static final String CLIENT = "client";

  private final Path directory;
  private final String password;
  private final KeyStore made;

  /**
   * Makes them.
   *
   * @param client the client's name
   * @param password of the PKCS12 files
   */
  public Certificates(Path directory, String client, String password) {
    this.directory = directory;
    this.password = password;
    keytool(AUTHORITY, "authority", "-ext", "bc:c");
    keytool(BROKER, "broker", "-signer", AUTHORITY, "-ext", "san=dns:localhost");
    keytool(CLIENT, client, "-signer", AUTHORITY);
    try {
      this.made = read(file("made"));
      KeyStore trusted = empty();
      trusted.setCertificateEntry(AUTHORITY, made.getCertificate(AUTHORITY));
      write(file(AUTHORITY), trusted);
      write(file(BROKER), single(BROKER));
      write(file(CLIENT), single(CLIENT));
      Files.writeString(authorityPemFile(), authorityPem());
      Files.writeString(clientPemFile(), clientKeyPem() + clientPem());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make certificates", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write certificates", e);
    }
  }

  /** The authority alone, PKCS12. */
  public Path authorityFile() {
    return file(AUTHORITY);
  }

  /** The broker's key and certificate, PKCS12. */
  public Path brokerFile() {
    return file(BROKER);
  }

  /** The client's key and certificate, PKCS12. */
  public Path clientFile() {
    return file(CLIENT);
  }

  /** The authority, PEM. */
  public Path authorityPemFile() {
    return directory.resolve(AUTHORITY + ".pem");
  }

  /** The client's key and certificate, PEM, not encrypted. */
  public Path clientPemFile() {
    return directory.resolve(CLIENT + ".pem");
  }

  /** The authority's certificate as PEM text. */
  public String authorityPem() throws GeneralSecurityException {
    return pem("CERTIFICATE", made.getCertificate(AUTHORITY).getEncoded());
  }

  /** The client's certificate as PEM text. */
  public String clientPem() throws GeneralSecurityException {
    return pem("CERTIFICATE", made.getCertificate(CLIENT).getEncoded());
  }

  /** The client's key as PEM text, PKCS #8, not encrypted. */
  public String clientKeyPem() throws GeneralSecurityException {
    return pem("PRIVATE KEY", key(CLIENT).getEncoded());
  }

  private Path file(String name) {
    return directory.resolve(name + ".p12");
  }

  private Key key(String alias) throws GeneralSecurityException {
    return made.getKey(alias, password.toCharArray());
  }

  private KeyStore single(String alias) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    Certificate[] chain = made.getCertificateChain(alias);
    store.setKeyEntry(alias, key(alias), password.toCharArray(), chain);
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(TYPE);
    store.load(null, null);
    return store;
  }

  private KeyStore read(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(TYPE);
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  private void write(Path file, KeyStore store) throws GeneralSecurityException, IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
  }

  private static String pem(String label, byte[] content) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
  }

  /** The JDK signs certificates by this program only. */
  private void keytool(String alias, String name, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + name));
    command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-validity", "30"));
    command.addAll(List.of("-keystore", file("made").toString(), "-storetype", TYPE));
    // By environment: a command line is everybody's to read.
    command.addAll(List.of("-storepass:env", "STOREPASS"));
    command.addAll(List.of(more));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("STOREPASS", password);
      builder.redirectOutput(directory.resolve("keytool.log").toFile());
      Process process = builder.start();
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "keytool failed: "
                + Files.readString(directory.resolve("keytool.log"), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run keytool", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while certificates are made", e);
    }
  }
}
