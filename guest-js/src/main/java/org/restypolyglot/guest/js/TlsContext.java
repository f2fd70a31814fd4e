package org.restypolyglot.guest.js;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a connection of TLS is made from: Node's {@code SecureContext}, for clients. Methods that
 * set something return null, or the code of an error.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: keys and certificates. <b>Failure</b>: a code,
 * see {@link TlsException}.
 */
public final class TlsContext {
  private final List<X509Certificate> authorities = new ArrayList<>();
  private List<X509Certificate> ownChain = List.of();
  private @Nullable PrivateKey ownKey;
  private List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
  private @Nullable List<String> ciphers;
  private boolean partial;
  private @Nullable TlsTrust trust;

  private interface Setting {
    void run() throws TlsException;
  }

  TlsContext() {}

  private @Nullable String set(Setting setting) {
    trust = null;
    try {
      setting.run();
      return null;
    } catch (TlsException refused) {
      return refused.code();
    }
  }

  private static byte[] bytes(Value buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.readBuffer(offset, bytes, 0, length);
    return bytes;
  }

  @Export
  public @Nullable String addAuthorities(String pem) {
    return set(() -> authorities.addAll(TlsKeys.certificates(pem)));
  }

  /** Java's, and those of NODE_EXTRA_CA_CERTS. */
  @Export
  public void addRoots() {
    trust = null;
    authorities.addAll(TlsTrust.roots());
    authorities.addAll(TlsTrust.extra());
  }

  @Export
  public void allowPartialChain() {
    trust = null;
    partial = true;
  }

  /** The own certificate, and those that lead to its issuer. */
  @Export
  public @Nullable String setCertificate(String pem) {
    return set(
        () -> {
          List<X509Certificate> chain = TlsKeys.certificates(pem);
          if (chain.isEmpty()) {
            throw new TlsException("ERR_OSSL_PEM_NO_START_LINE");
          }
          ownChain = chain;
        });
  }

  @Export
  public @Nullable String setKey(String pem, @Nullable String passphrase) {
    return set(
        () -> {
          PrivateKey key = TlsKeys.privateKey(pem, passphrase);
          if (!ownChain.isEmpty()) {
            TlsKeys.checkPair(key, ownChain.getFirst());
          }
          ownKey = key;
        });
  }

  @Export
  public @Nullable String loadPkcs12(
      Value buffer, int offset, int length, @Nullable String passphrase) {
    return set(
        () -> {
          KeyStore store = TlsKeys.pkcs12(bytes(buffer, offset, length), passphrase);
          TlsKeys.Identity identity = TlsKeys.identity(store, passphrase);
          if (identity != null) {
            ownKey = identity.key();
            ownChain = identity.chain();
            identity.chain().stream().skip(1).forEach(authorities::add);
          }
          addTrusted(store);
        });
  }

  private void addTrusted(KeyStore store) throws TlsException {
    try {
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          authorities.add(certificate);
        }
      }
    } catch (KeyStoreException e) {
      throw new TlsException("ERR_OSSL_UNSUPPORTED");
    }
  }

  /**
   * @param list OpenSSL's, with those of TLS 1.3 among them
   */
  @Export
  public @Nullable String setCiphers(String list) {
    return set(() -> ciphers = TlsCiphers.parse(list));
  }

  /** As "TLSv1.2". */
  @Export
  public void setProtocols(String... names) {
    trust = null;
    protocols = List.of(names);
  }

  /** The own certificate, null where there is none. */
  @Nullable X509Certificate certificate() {
    return ownChain.isEmpty() ? null : ownChain.getFirst();
  }

  List<X509Certificate> authorities() {
    return authorities;
  }

  TlsTrust trust() {
    TlsTrust now = trust;
    if (now == null) {
      now = TlsTrust.of(authorities, partial);
      trust = now;
    }
    return now;
  }

  /** An engine for one connection, which believes every certificate: see {@link TlsHandle}. */
  SSLEngine newEngine(TrustManager trustManager) throws TlsException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(), new TrustManager[] {trustManager}, null);
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(true);
      engine.setEnabledProtocols(protocols.toArray(String[]::new));
      if (ciphers != null) {
        engine.setEnabledCipherSuites(TlsCiphers.enabled(engine, ciphers));
      }
      return engine;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsException("ERR_SSL_NO_CIPHERS_AVAILABLE");
    }
  }

  private KeyManager[] keyManagers() {
    PrivateKey key = ownKey;
    return key == null || ownChain.isEmpty()
        ? new KeyManager[0]
        : new KeyManager[] {new TlsIdentity(key, ownChain)};
  }
}
