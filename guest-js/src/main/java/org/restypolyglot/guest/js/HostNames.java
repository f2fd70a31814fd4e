package org.restypolyglot.guest.js;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * Names of hosts, as the system resolves them (Java keeps an answer for 30 seconds).
 *
 * <p><b>Threads</b>: the guest thread; the resolver itself runs on the workers of {@link NetLoop}.
 * <b>Borrows</b>: the loop. <b>Failure</b>: libuv's number.
 */
public final class HostNames {
  private static final Pattern SERVER = Pattern.compile("^\\s*nameserver\\s+(\\S+)");

  private final HostLoop loop;

  HostNames(HostLoop loop) {
    this.loop = loop;
  }

  /**
   * {@code done} gets a number and the addresses.
   *
   * @param family 4, 6, or 0: both
   * @param mapped whether IPv4 addresses may stand for IPv6 ones that are missing
   * @param all with {@code mapped}: also where none is missing
   */
  @Export
  public void lookup(String name, int family, boolean mapped, boolean all, Value done) {
    NetLoop.workers().execute(() -> lookupNow(name, family, mapped, all, done));
  }

  private void lookupNow(String name, int family, boolean mapped, boolean all, Value done) {
    try {
      InetAddress[] found = InetAddress.getAllByName(name);
      String[] v4 = texts(found, Inet4Address.class);
      String[] v6 = texts(found, Inet6Address.class);
      Stream<String> matching =
          switch (family) {
            case 4 -> Stream.of(v4);
            case 6 ->
                Stream.concat(
                    Stream.of(v6),
                    mapped && (all || v6.length == 0)
                        ? Stream.of(v4).map(address -> "::ffff:" + address)
                        : Stream.empty());
            default -> Arrays.stream(found).map(HostNames::text);
          };
      Object[] addresses = matching.distinct().toArray();
      if (addresses.length == 0) {
        throw new UnknownHostException(name);
      }
      loop.enter(done, 0, ProxyArray.fromArray(addresses));
    } catch (UnknownHostException unknown) {
      loop.enter(done, SocketErrors.ofLookup(unknown), ProxyArray.fromArray());
    }
  }

  /** {@code done} gets a number and the name of the host at an address. */
  @Export
  public void reverse(String address, Value done) {
    NetLoop.workers().execute(() -> reverseNow(InetAddress.ofLiteral(address), done));
  }

  private void reverseNow(InetAddress address, Value done) {
    String name = address.getCanonicalHostName();
    boolean isUnknown = name.equals(address.getHostAddress()); // so Java says it
    loop.enter(done, isUnknown ? SocketErrors.EAI_NONAME : 0, name);
  }

  /** The servers of the system's resolver. */
  @Export
  public ProxyArray servers() {
    try (Stream<String> lines = Files.lines(Path.of("/etc/resolv.conf"))) {
      return ProxyArray.fromArray(
          lines.map(SERVER::matcher).filter(Matcher::find).map(line -> line.group(1)).toArray());
    } catch (IOException | UncheckedIOException none) {
      return ProxyArray.fromArray("127.0.0.1");
    }
  }

  private static String[] texts(InetAddress[] found, Class<? extends InetAddress> family) {
    return Arrays.stream(found)
        .filter(family::isInstance)
        .map(HostNames::text)
        .toArray(String[]::new);
  }

  private static String text(InetAddress address) {
    return NetUtil.toAddressString(address);
  }
}
