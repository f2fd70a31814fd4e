package org.restypolyglot.t.harness;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A server of HTTP/2 over TLS, for a test's {@code http {}}: {@code /hello} answers nginx's number
 * of the connection, {@code /echo} the body, with its length in {@code x-length} and the request's
 * {@code x-id}; {@code /wait?s=2} answers after so many seconds.
 *
 * @param folder where {@code server.pem} is, and {@code other.pem}, which vouches for nothing
 */
public record Http2Server(Path folder, int port) {
  private static final String HOSTS = "DNS:localhost,IP:127.0.0.1";

  /** With new certificates in {@code folder}, on a free port. */
  public static Http2Server in(Path folder) throws IOException, InterruptedException {
    Certificates.make(folder, "server", HOSTS);
    Certificates.make(folder, "other", HOSTS);
    return new Http2Server(folder, NginxConf.freePort());
  }

  public String url() {
    return "https://127.0.0.1:" + port;
  }

  /**
   * @param requests after which nginx closes a connection
   */
  public String conf(int requests) {
    return """
        server {
            listen 127.0.0.1:%d ssl http2;
            ssl_certificate %s/server.pem;
            ssl_certificate_key %2$s/server.key;
            keepalive_requests %d;
            location = /hello { return 200 $connection; }
            location = /echo {
                content_by_lua_block {
                    ngx.req.read_body()
                    ngx.header["x-length"] = #ngx.req.get_body_data()
                    ngx.header["x-id"] = ngx.var.http_x_id
                    ngx.print(ngx.req.get_body_data())
                }
            }
            location = /wait { content_by_lua_block { ngx.sleep(tonumber(ngx.var.arg_s)) ngx.print("waited") } }
        }
        """
        .formatted(port, folder, requests);
  }
}
