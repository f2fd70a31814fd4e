package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key with a certificate that it has signed itself, for localhost and 127.0.0.1, made by keytool.
 */
final class TestKeys {
  private static final String PASSWORD = "password";

  private final Path folder;

  TestKeys(Path folder, String... more) throws Exception {
    this.folder = folder;
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair -alias test -keyalg EC -storetype PKCS12 -dname CN=test"
                    .replace(' ', '\n')));
    command = new java.util.ArrayList<>(command.stream().flatMap(String::lines).toList());
    command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    command.addAll(
        more.length > 0 ? List.of(more) : List.of("-ext", "san=dns:localhost,ip:127.0.0.1"));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + output);
    }
  }

  private Path store() {
    return folder.resolve("keys.p12");
  }

  KeyManagerFactory managers() throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(load(), PASSWORD.toCharArray());
    return factory;
  }

  SSLContext context() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers().getKeyManagers(), null, null);
    return context;
  }

  /** The certificate's file, in PEM. */
  Path certificate() throws Exception {
    String body =
        Base64.getMimeEncoder().encodeToString(load().getCertificate("test").getEncoded());
    return Files.writeString(
        folder.resolve("certificate.pem"),
        "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  private KeyStore load() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }
}
