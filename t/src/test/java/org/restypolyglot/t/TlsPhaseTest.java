package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** A call in {@code ssl_certificate_by_lua}, during the handshake. */
class TlsPhaseTest {

  @Test
  void sslCertificate_calls(@TempDir Path folder) throws Exception {
    Shell.run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            folder.resolve("key.pem").toString(),
            "-out",
            folder.resolve("cert.pem").toString())
        .orThrow();
    int port = freePort();
    NginxConf conf =
        new NginxConf()
            .http(
                """
                server {
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate %s/cert.pem;
                    ssl_certificate_key %2$s/key.pem;
                    ssl_certificate_by_lua_block {
                        require "resty_ffi"
                        local rt = ngx.load_ffi("js:t/calls,init")
                        local ok, res = rt:later("seen in the handshake")
                        ngx.ctx.res = res
                        ngx.shared.test:set("handshake", res)
                    }
                    location / { content_by_lua_block { ngx.print(ngx.shared.test:get("handshake")) } }
                }
                """
                    .formatted(port, folder));
    try (Nginx nginx = conf.start();
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(folder)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
              .timeout(Await.LIMIT)
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo("seen in the handshake");
      nginx.check();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static SSLContext trusting(Path folder) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(folder.resolve("cert.pem"))) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("test", certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
