package org.restypolyglot.guest.js;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.polyglot.ThreadPools;

/**
 * The HTTP clients of this process, which all runtimes share, and so their connections: one that
 * verifies certificates, and one that does not. Each is made when it is first asked for, with a
 * thread of its own for all its sockets.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the clients and up to {@link #MAX_THREADS} threads that run
 * what arrives, until the process ends; idle threads end. <b>Failure</b>: the first use throws if
 * there is no TLS.
 */
final class FetchClient {
  private static final int MAX_THREADS = 4;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  static final ThreadPoolExecutor EXECUTOR =
      ThreadPools.endingWhenIdle("resty-polyglot-fetch-", MAX_THREADS, IDLE);

  private static @Nullable HttpClient verifying;
  private static @Nullable HttpClient trusting;

  private FetchClient() {}

  /** What cannot be made now, for a wrong NODE_EXTRA_CA_CERTS, is tried again by the next one. */
  static synchronized HttpClient get(boolean trustsAll) {
    HttpClient client = trustsAll ? trusting : verifying;
    if (client == null) {
      client = newClient(trustsAll ? FetchTrust.trustingAll() : FetchTrust.verifying());
      if (trustsAll) {
        trusting = client;
      } else {
        verifying = client;
      }
    }
    return client;
  }

  private static HttpClient newClient(SSLContext context) {
    return HttpClient.newBuilder()
        .sslContext(context)
        .version(Version.HTTP_2)
        .followRedirects(Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(CONNECT_TIMEOUT)
        .executor(EXECUTOR)
        .build();
  }
}
