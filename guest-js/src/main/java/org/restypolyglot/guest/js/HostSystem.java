package org.restypolyglot.guest.js;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * What {@code node:os} tells about the machine.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link IOException} where Linux does not say.
 */
public final class HostSystem {
  private static final String READABLE =
      "/proc/(cpuinfo|meminfo|stat|loadavg|uptime|self/status|(self|\\d+)/stat"
          + "|sys/kernel/(hostname|osrelease|version))";

  HostSystem() {}

  /** A file that tells about the system. */
  @Export
  public String read(String file) throws IOException {
    if (!file.matches(READABLE)) {
      throw new IOException("not a file about the system: " + file);
    }
    return Files.readString(Path.of(file));
  }

  /** How many processors the worker may use. */
  @Export
  public int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The user's folder. */
  @Export
  public String home() {
    String home = System.getenv("HOME");
    return home == null ? System.getProperty("user.home", "/") : home;
  }

  /** The user's name. */
  @Export
  public String user() {
    return System.getProperty("user.name", "?");
  }

  /** For each address: interface, address, netmask, family, MAC, internal, scope. */
  @Export
  public ProxyArray interfaces() throws SocketException {
    List<Object> values = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      if (each.isUp()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          add(values, each, address);
        }
      }
    }
    return ProxyArray.fromList(values);
  }

  private static void add(List<Object> values, NetworkInterface from, InterfaceAddress address)
      throws SocketException {
    byte[] bytes = address.getAddress().getAddress();
    boolean isV6 = bytes.length == 16;
    String text = address.getAddress().getHostAddress();
    byte[] mac = from.getHardwareAddress();
    values.add(from.getName());
    values.add(isV6 ? shortened(text.replaceFirst("%.*", "")) : text);
    values.add(netmask(bytes.length, address.getNetworkPrefixLength()));
    values.add(isV6 ? "IPv6" : "IPv4");
    values.add(mac == null ? "00:00:00:00:00:00" : HexFormat.ofDelimiter(":").formatHex(mac));
    values.add(from.isLoopback());
    values.add(isV6 && address.getAddress().isLinkLocalAddress() ? from.getIndex() : isV6 ? 0 : -1);
  }

  private static String netmask(int size, int prefix) {
    byte[] mask = new byte[size];
    for (int i = 0; i < prefix; i++) {
      mask[i / 8] |= (byte) (0x80 >> i % 8);
    }
    try {
      String text = InetAddress.getByAddress(mask).getHostAddress();
      return size == 16 ? shortened(text) : text;
    } catch (UnknownHostException e) { // the length is right
      throw new IllegalStateException(e);
    }
  }

  /** Two colons for the longest row of zeros. */
  private static String shortened(String address) {
    String longest = "";
    var zeros = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])").matcher(address);
    while (zeros.find()) {
      longest = zeros.group().length() > longest.length() ? zeros.group() : longest;
    }
    if (longest.isEmpty()) {
      return address;
    }
    int at = address.indexOf(longest);
    String before = address.substring(0, at).replaceFirst(":$", "");
    String after = address.substring(at + longest.length()).replaceFirst("^:", "");
    return before + "::" + after;
  }
}
