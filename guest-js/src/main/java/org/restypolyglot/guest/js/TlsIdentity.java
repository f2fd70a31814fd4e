package org.restypolyglot.guest.js;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one certificate that a client has to a server that asks for one, whatever issuers the
 * server names: as OpenSSL does.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: key and certificates. <b>Failure</b>: none; no certificate
 * where the server cannot use its kind of key.
 */
final class TlsIdentity extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final PrivateKey key;
  private final X509Certificate[] chain;

  TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain.toArray(X509Certificate[]::new);
  }

  private @Nullable String choose(String[] keyTypes) {
    String kind = chain[0].getPublicKey().getAlgorithm();
    return Arrays.stream(keyTypes).anyMatch(type -> fits(type, kind)) ? ALIAS : null;
  }

  private static boolean fits(String type, String kind) {
    return type.equals(kind) || (kind.equals("RSA") && type.startsWith("RSASSA"));
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain;
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
