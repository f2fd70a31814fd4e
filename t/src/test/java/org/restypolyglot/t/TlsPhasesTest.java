package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Certificates;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** Calls during the TLS handshake, and for clients that speak HTTP/2. */
class TlsPhasesTest {
  private static final int IN_FLIGHT = 100;

  @TempDir static Path folder = Path.of("unset");

  @BeforeAll
  static void makeCertificate() throws Exception {
    Certificates.make(folder, "cert", "DNS:localhost");
  }

  /**
   * A phase of the handshake that loads and calls, and keeps what came of it; see {@link #said}.
   */
  private static String keep(String phase, Lang lang) {
    return NginxConf.knows(phase + "_by_lua_block")
        ? "%s_by_lua_block { require('phases').keep('%1$s', '%s') }"
            .formatted(phase, lang.spec("t/calls"))
        : "";
  }

  private static Nginx start(int port, Lang lang) {
    return new NginxConf()
        .http(keep("ssl_session_fetch", lang))
        .http(keep("ssl_session_store", lang))
        .http(
            """
            server {
                listen 127.0.0.1:%d ssl http2;
                ssl_certificate %s/cert.pem;
                ssl_certificate_key %2$s/cert.key;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_tickets off;
                %s
                %s
                location = /plain { return 200 "plain"; }
                location = /echo {
                    content_by_lua_block {
                        require "resty_ffi"
                        ngx.req.read_body()
                        local rt = ngx.load_ffi("%s")
                        ngx.print((select(2, rt:later(ngx.req.get_body_data()))))
                    }
                }
            }
            """
                .formatted(
                    port,
                    folder,
                    keep("ssl_client_hello", lang),
                    keep("ssl_certificate", lang),
                    lang.spec("t/calls")))
        .start();
  }

  private static String said(Nginx nginx, String phase) {
    String quoted = nginx.lua("return ngx.shared.test:get('%s') or 'nothing'", phase);
    return quoted.substring(1, quoted.length() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void handshakesPhases_callOrSayWhatToDo(Lang lang) throws Exception {
    int port = NginxConf.freePort();
    SSLContext trusting = trusting();
    try (Nginx nginx = start(port, lang)) {
      // Of TLS 1.3 the server remembers no sessions.
      for (int connection = 1; connection <= 2; connection++) {
        try (HttpClient client = client(trusting, "TLSv1.2")) {
          assertThat(client.send(get(port, "/plain"), BodyHandlers.ofString()).body())
              .isEqualTo("plain");
        }
      }
      assertThat(said(nginx, "ssl_certificate")).isEqualTo("true, 'ssl_certificate'");
      for (String phase : List.of("ssl_client_hello", "ssl_session_fetch", "ssl_session_store")) {
        if (NginxConf.knows(phase + "_by_lua_block")) {
          assertThat(said(nginx, phase))
              .startsWith("false, '")
              .contains("a call has to wait, and " + phase + "_by_lua");
        }
      }
      nginx.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void http2_manyCallsOverOneConnection(Lang lang) throws Exception {
    int port = NginxConf.freePort();
    try (Nginx nginx = start(port, lang);
        HttpClient client = client(trusting(), "TLSv1.3")) {
      assertThat(client.send(get(port, "/plain"), BodyHandlers.ofString()).body())
          .isEqualTo("plain");
      List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
      for (int i = 0; i < IN_FLIGHT; i++) {
        HttpRequest request =
            request(port, "/echo").POST(BodyPublishers.ofString("reply " + i)).build();
        replies.add(client.sendAsync(request, BodyHandlers.ofString()));
      }
      for (int i = 0; i < IN_FLIGHT; i++) {
        HttpResponse<String> reply = replies.get(i).join();
        assertThat(reply.body()).isEqualTo("reply " + i);
        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
      nginx.check();
    }
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
        .timeout(Await.LIMIT);
  }

  private static HttpRequest get(int port, String path) {
    return request(port, path).build();
  }

  private static HttpClient client(SSLContext context, String protocol) {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return HttpClient.newBuilder().sslContext(context).sslParameters(parameters).build();
  }

  private static SSLContext trusting() throws Exception {
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
