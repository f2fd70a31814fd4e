package org.restypolyglot.guest.js;

import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;

/**
 * HTTP requests for {@code fetch}: what bindings/fetch.js sends undici's requests with.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the loop, which owns each exchange while it
 * goes on. <b>Failure</b>: an exchange tells its listener.
 */
public final class HostFetch {
  private final HostLoop loop;

  HostFetch(HostLoop loop) {
    this.loop = loop;
  }

  /**
   * One request, which {@link FetchExchange#start} sends.
   *
   * @param headers name, value, name, value ..., each on a line of its own
   * @param length the bytes of the body; -1: not known; -2: there is none
   * @param trustsAll no certificate is verified
   * @param listener gets the name of an event and what belongs to it, see {@link FetchExchange}
   */
  @Export
  public FetchExchange open(
      String method, String url, String headers, double length, boolean trustsAll, Value listener) {
    return loop.own(
        new FetchExchange(
            loop,
            listener,
            new FetchRequest(method, url, headers.lines().toList(), (long) length),
            trustsAll));
  }

  /** A number from 0 to below {@code limit}, at most 2^53, that nobody can guess. */
  @Export
  public double randomInt(double limit) {
    return Randomness.SECURE.nextLong((long) limit);
  }
}
