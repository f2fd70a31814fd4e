package org.restypolyglot.core;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where debuggers of this worker's guests connect; Lua gives it to one worker only.
 *
 * @param inspect for the DevTools protocol; null: nowhere
 * @param dap for the Debug Adapter Protocol; null: nowhere
 */
public record DebugOptions(@Nullable InetSocketAddress inspect, @Nullable InetSocketAddress dap) {

  /** No debugger. */
  public static final DebugOptions NONE = new DebugOptions(null, null);

  /** Node's. */
  private static final int INSPECT_PORT = 9229;

  /** GraalVM's. */
  private static final int DAP_PORT = 4711;

  private static final int MAX_PORT = 65535;

  /** Whether a debugger may connect. */
  public boolean isOn() {
    return inspect != null || dap != null;
  }

  /**
   * @param options {@code inspect} and {@code dap}: {@code "host:port"}, {@code "port"}, a number,
   *     or true for the default port; {@code debug_public}: whether the host may be any
   * @throws IllegalArgumentException quoting what is wrong
   */
  static DebugOptions parse(JsonObject options) {
    boolean mayBePublic =
        options.get("debug_public") instanceof JsonPrimitive flag && flag.getAsBoolean();
    return new DebugOptions(
        address(options, "inspect", INSPECT_PORT, mayBePublic),
        address(options, "dap", DAP_PORT, mayBePublic));
  }

  private static @Nullable InetSocketAddress address(
      JsonObject options, String name, int defaultPort, boolean mayBePublic) {
    JsonElement value = options.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonPrimitive known && known.isBoolean()) {
      return known.getAsBoolean()
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), defaultPort)
          : null;
    }
    if (!(value instanceof JsonPrimitive text)) {
      throw bad(name, value, "");
    }
    String given = text.getAsString();
    int colon = given.lastIndexOf(':');
    int port = port(given.substring(colon + 1));
    if (port == 0 || colon == 0) {
      throw bad(name, value, "");
    }
    InetAddress host = host(name, value, colon < 0 ? null : given.substring(0, colon));
    if (!host.isLoopbackAddress() && !mayBePublic) {
      throw new IllegalArgumentException(
          ("option \"%s\" is %s: that address can be reached from other machines, and whoever"
                  + " reaches a debugger's port can run any code as nginx's worker. Use 127.0.0.1"
                  + " (and a tunnel: ssh -L %d:127.0.0.1:%d), or say debug_public = true")
              .formatted(name, value, port, port));
    }
    return new InetSocketAddress(host, port);
  }

  /** 0: none. */
  private static int port(String text) {
    boolean isNumber = text.matches("\\d{1,5}");
    int port = isNumber ? Integer.parseInt(text) : 0;
    return port > MAX_PORT ? 0 : port;
  }

  private static InetAddress host(String name, JsonElement value, @Nullable String host) {
    if (host == null) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw bad(name, value, "; there is no host \"" + host + "\"");
    }
  }

  private static IllegalArgumentException bad(String name, JsonElement value, String reason) {
    return new IllegalArgumentException(
        "option \"%s\" should be \"host:port\", a port from 1 to %d, or true, not %s%s"
            .formatted(name, MAX_PORT, value, reason));
  }
}
