package org.restypolyglot.t.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Certificates that vouch for themselves. */
public final class Certificates {
  private Certificates() {}

  /**
   * Makes {@code NAME.pem} and its key {@code NAME.key}, by openssl.
   *
   * @param hosts whom it is for, as openssl writes them: {@code DNS:localhost,IP:127.0.0.1}
   */
  public static void make(Path folder, String name, String hosts)
      throws IOException, InterruptedException {
    String command =
        """
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \\
          -addext subjectAltName=%2$s -keyout %1$s.key -out %1$s.pem
        """
            .formatted(name, hosts);
    Shell.run(folder, Map.of(), new byte[0], List.of("sh", "-c", command)).orThrow();
  }
}
