package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TlsTest extends JsTestBase {
  private record Identity(PrivateKey key, X509Certificate certificate) {}

  private static Identity authority;
  private static Identity server;
  private static Identity expired;

  private static final String CLIENT =
      """
      const tls = require('tls');
      const one = (options) => new Promise((resolve) => {
        const socket = tls.connect({ host: '127.0.0.1', port, ...options });
        let text = '';
        socket.setEncoding('utf8');
        socket.on('data', (part) => { text += part; });
        socket.on('secureConnect', () => socket.end('hello'));
        socket.on('error', (e) => resolve(e.code));
        socket.on('close', () => resolve([text, socket.authorized, socket.authorizationError, socket.alpnProtocol].join()));
      });
      """;

  @BeforeAll
  static void makeCertificates() throws Exception {
    authority = make("CN=Authority", null, Duration.ofDays(1));
    server = make("CN=localhost,O=Here", authority, Duration.ofDays(1));
    expired = make("CN=localhost", authority, Duration.ofDays(-1));
  }

  private static Identity make(String name, @Nullable Identity issuer, Duration lifetime)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    X500Name own = new X500Name(name);
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer == null ? own : new X500Name("CN=Authority"),
            new BigInteger(64, new SecureRandom()),
            Date.from(now.minus(Duration.ofDays(9))),
            Date.from(now.plus(lifetime)),
            own,
            keys.getPublic());
    if (issuer == null) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    } else {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
    }
    PrivateKey signer = issuer == null ? keys.getPrivate() : issuer.key();
    return new Identity(
        keys.getPrivate(),
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer))));
  }

  private static String pem(String kind, byte[] der) {
    return "`-----BEGIN %s-----\n%s\n-----END %s-----\n`"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }

  private static String pem(Identity of) throws Exception {
    return pem("CERTIFICATE", of.certificate().getEncoded());
  }

  /** A server that says hello, with what it has agreed on, and echoes. */
  private static SessionServer start(Identity identity, boolean wantsCertificate) throws Exception {
    SSLServerSocket socket = serverSocket(identity);
    socket.setNeedClientAuth(wantsCertificate);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    socket.setSSLParameters(parameters);
    return SessionServer.start(socket, TlsTest::greet);
  }

  private static void greet(SessionServer.Connection connection) throws IOException {
    SSLSocket socket = (SSLSocket) connection.socket();
    socket.startHandshake();
    String client =
        socket.getNeedClientAuth() ? socket.getSession().getPeerPrincipal().getName() + " " : "";
    connection.write(client + socket.getApplicationProtocol() + " ");
    connection.in().transferTo(connection.out());
  }

  private String run(SessionServer to, String body) throws Exception {
    return js.run("const port = " + to.port() + ", ca = " + pem(authority) + ";\n" + CLIENT + body);
  }

  @Test
  void knownAuthority_isAuthorized_withProtocol() throws Exception {
    try (SessionServer to = start(server, false)) {
      assertThat(
              run(
                  to,
                  "return one({ ca, servername: 'localhost', ALPNProtocols: ['x', 'http/1.1'] });"))
          .isEqualTo("http/1.1 hello,true,,http/1.1");
      assertThat(run(to, "return one({ ca, maxVersion: 'TLSv1.2' });"))
          .isEqualTo(" hello,true,,false");
    }
  }

  @Test
  void unbelievedCertificates_haveOpenSslsCodes() throws Exception {
    try (SessionServer to = start(server, false)) {
      assertThat(run(to, "return one({});")).isEqualTo("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
      assertThat(run(to, "return one({ ca, servername: 'other' });"))
          .isEqualTo("ERR_TLS_CERT_ALTNAME_INVALID");
      assertThat(run(to, "return one({ rejectUnauthorized: false });"))
          .isEqualTo(" hello,false,UNABLE_TO_VERIFY_LEAF_SIGNATURE,false");
    }
    try (SessionServer to = start(expired, false)) {
      assertThat(run(to, "return one({ ca });")).isEqualTo("CERT_HAS_EXPIRED");
    }
    try (SessionServer to = start(authority, false)) {
      assertThat(run(to, "return one({});")).isEqualTo("DEPTH_ZERO_SELF_SIGNED_CERT");
    }
  }

  @Test
  void clientCertificate_isShown() throws Exception {
    String key = pem("PRIVATE KEY", server.key().getEncoded());
    String options = "ca, cert: " + pem(server) + ", key: " + key;
    try (SessionServer to = start(server, true)) {
      assertThat(run(to, "return one({ " + options + " });")).startsWith("O=Here,CN=localhost ");
      assertThat(run(to, "return one({ ca, maxVersion: 'TLSv1.2' });"))
          .isEqualTo("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE");
    }
    assertThat(
            js.run(
                "try { require('tls').createSecureContext({ cert: "
                    + pem(authority)
                    + ", key: "
                    + key
                    + " }); } catch (e) { return e.code; }"))
        .isEqualTo("ERR_OSSL_X509_KEY_VALUES_MISMATCH");
  }

  @Test
  void certificate_andCipher_areTold() throws Exception {
    try (SessionServer to = start(server, false)) {
      assertThat(
              run(
                  to,
                  """
                  const socket = tls.connect({ host: '127.0.0.1', port, ca });
                  await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject));
                  const own = socket.getPeerCertificate(true);
                  socket.destroy();
                  return [own.subject.CN, own.subject.O, own.issuer.CN, own.subjectaltname, own.asn1Curve, own.bits,
                    own.issuerCertificate.ca, own.issuerCertificate.issuerCertificate === own.issuerCertificate,
                    own.fingerprint256.length, Buffer.isBuffer(own.raw)].join();
                  """))
          .isEqualTo(
              "localhost,Here,Authority,DNS:localhost, IP Address:127.0.0.1,prime256v1,256,true,true,95,true");
    }
  }

  @Test
  void notTls_andRefused() throws Exception {
    try (SessionServer to = SessionServer.start(c -> c.write("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      assertThat(run(to, "return one({});")).isEqualTo("ERR_SSL_WRONG_VERSION_NUMBER");
    }
    try (SessionServer to = SessionServer.start(c -> {})) {
      assertThat(run(to, "return one({});")).isEqualTo("ECONNRESET");
    }
  }

  @Test
  void overAStreamOfTheProgram_andOverASocket() throws Exception {
    try (SessionServer to = start(server, false)) {
      assertThat(
              run(
                  to,
                  """
                  const { Duplex } = require('stream');
                  const net = require('net');
                  const raw = net.connect(port, '127.0.0.1');
                  const stream = new Duplex({
                    read: () => raw.resume(),
                    write: (part, encoding, done) => raw.write(part, done),
                    final: (done) => raw.end(done),
                  });
                  raw.on('data', (part) => stream.push(part) || raw.pause());
                  raw.on('end', () => stream.push(null));
                  const connected = net.connect(port, '127.0.0.1');
                  await new Promise((resolve) => connected.on('connect', resolve));
                  return [
                    await one({ socket: stream, ca, servername: 'localhost' }),
                    await one({ socket: connected, ca, servername: 'localhost' }),
                  ].join(';');
                  """))
          .isEqualTo(" hello,true,,false; hello,true,,false");
    }
  }

  @Test
  void https_getsOverIt() throws Exception {
    try (SessionServer to =
        SessionServer.start(
            serverSocket(server),
            c -> {
              while (!c.readTo("\r\n\r\n").isEmpty()) {
                c.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
              }
            })) {
      assertThat(
              run(
                  to,
                  """
                  const https = require('https');
                  const agent = new https.Agent({ keepAlive: true, ca });
                  const get = () => new Promise((resolve, reject) => https.get({ host: 'localhost', port, agent }, (response) => {
                    const { authorized } = response.socket;
                    response.on('data', (part) => resolve(part + ' ' + authorized));
                  }).on('error', reject));
                  const seen = [await get(), await get()];
                  agent.destroy();
                  return seen.join();
                  """))
          .isEqualTo("secret true,secret true");
    }
  }

  private static SSLServerSocket serverSocket(Identity identity) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "own", identity.key(), new char[0], new X509Certificate[] {identity.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    known.setCertificateEntry("authority", authority.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(known);
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
