package org.restypolyglot.t.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test wants of its nginx, and the configuration that follows from it. A builder: one
 * thread.
 *
 * <pre>{@code
 * Nginx nginx = new NginxConf().workers(2).http("lua_code_cache off;").start();
 * }</pre>
 *
 * <p>Every nginx has the locations {@code /plain} (answers "plain" without Lua) and {@code /lua}
 * (runs the request's body as Lua; see {@link Nginx#lua}).
 */
public final class NginxConf {
  private static final Path DEBIAN_MODULES = Path.of("/usr/lib/nginx/modules");

  private final List<String> main = new ArrayList<>();
  private final List<String> http = new ArrayList<>();
  private final List<String> server = new ArrayList<>();
  private List<String> launcher = List.of();
  private Dist dist = Dist.underTest();
  private String logLevel = "info";
  private int workers = 1;
  private boolean asRoot = true;
  private boolean javaHome;
  private boolean daemon;

  public NginxConf dist(Dist dist) {
    this.dist = dist;
    return this;
  }

  /** With several, each listens on its own: the system spreads connections over all of them. */
  public NginxConf workers(int workers) {
    this.workers = workers;
    return this;
  }

  int workers() {
    return workers;
  }

  public NginxConf logLevel(String logLevel) {
    this.logLevel = logLevel;
    return this;
  }

  /** Where the tests run as root: workers as nginx's default user, who has no home. */
  public NginxConf unprivilegedWorkers() {
    this.asRoot = false;
    return this;
  }

  /** As a daemon: only then can the master be upgraded, and heeds WINCH. */
  public NginxConf daemon() {
    this.daemon = true;
    return this;
  }

  boolean isDaemon() {
    return daemon;
  }

  /**
   * What starts nginx, and becomes it: a command that takes nginx's own at its end, and has {@code
   * PREFIX} in its environment.
   */
  public NginxConf launcher(String... command) {
    this.launcher = List.of(command);
    return this;
  }

  List<String> launcher() {
    return launcher;
  }

  /**
   * The workers have JAVA_HOME in their environment, which goes before the Java of {@code dist}.
   */
  public NginxConf javaHome() {
    this.javaHome = true;
    return this;
  }

  /** Lines for the configuration's top level. */
  public NginxConf main(String lines) {
    main.add(lines);
    return this;
  }

  /** Lines for {@code http {}}. */
  public NginxConf http(String lines) {
    http.add(lines);
    return this;
  }

  /** Lines for {@code server {}}. */
  public NginxConf server(String lines) {
    server.add(lines);
    return this;
  }

  /** A location that answers with what {@code lua} does. */
  public NginxConf location(String path, String lua) {
    return server("location = " + path + " { content_by_lua_block {\n" + lua + "\n} }");
  }

  /** Whether lua-nginx-module has a directive: the newer ones are not in all versions. */
  public static boolean knows(String directive) {
    Path module = DEBIAN_MODULES.resolve("ngx_http_lua_module.so");
    Path code = Files.exists(module) ? module : Path.of(Nginx.executable());
    try {
      return Files.readString(code, ISO_8859_1).contains(directive + '\0');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of 127.0.0.1 that nobody listens on, for a server of the test's own. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts nginx and waits until it answers. */
  public Nginx start() {
    return Nginx.start(this);
  }

  Dist dist() {
    return dist;
  }

  String text(Path prefix, int port) {
    return """
        %s
        daemon %s;
        worker_processes %d;
        pid logs/nginx.pid;
        error_log logs/error.log %s;
        %s
        events { worker_connections 2048; }
        http {
            access_log off;
            client_body_temp_path tmp/body;
            proxy_temp_path tmp/proxy;
            fastcgi_temp_path tmp/fastcgi;
            uwsgi_temp_path tmp/uwsgi;
            scgi_temp_path tmp/scgi;
            client_max_body_size 64m;
            client_body_buffer_size 64m;
            lua_package_path "%s/?.lua;%s/lua/?.lua;;";
            lua_shared_dict test 1m;
            %s
            server {
                listen 127.0.0.1:%d backlog=2048%s;
                location = /plain { return 200 "plain"; }
                location = /lua { content_by_lua_file lua/run.lua; }
                %s
            }
        }
        """
        .formatted(
            preamble(),
            daemon ? "on" : "off",
            workers,
            logLevel,
            String.join("\n", main),
            dist.lualib(),
            prefix,
            String.join("\n", http),
            port,
            workers > 1 ? " reuseport" : "",
            String.join("\n", server));
  }

  private String preamble() {
    List<String> lines = new ArrayList<>();
    for (String name : List.of("ndk_http_module.so", "ngx_http_lua_module.so")) {
      Path module = DEBIAN_MODULES.resolve(name);
      if (Files.exists(module)) {
        lines.add("load_module " + module + ";");
      }
    }
    if (asRoot && "root".equals(System.getProperty("user.name"))) {
      lines.add("user root;");
    }
    if (javaHome || !Dist.underTest().hasJava()) {
      lines.add("env JAVA_HOME=" + System.getProperty("java.home") + ";");
    }
    return String.join("\n", lines);
  }
}
