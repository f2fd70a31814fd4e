package org.restypolyglot.guest.js;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * The variables behind a {@code process.env}: of one context, or of several that share it.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the variables; a change is nobody else's. <b>Failure</b>:
 * none.
 */
public final class HostEnvironment {
  private final Map<String, String> variables; // under the lock
  private int version; // under the lock

  private HostEnvironment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** nginx passes on only what its {@code env} directive names. */
  static HostEnvironment ofProcess() {
    Map<String, String> sorted = new LinkedHashMap<>();
    System.getenv().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return new HostEnvironment(sorted);
  }

  /** Another one, of {@code [name, value, name, value, ...]}. */
  @Export
  public HostEnvironment create(Value pairs) {
    Map<String, String> fresh = new LinkedHashMap<>();
    for (long i = 0; i < pairs.getArraySize(); i += 2) {
      fresh.put(pairs.getArrayElement(i).asString(), pairs.getArrayElement(i + 1).asString());
    }
    return new HostEnvironment(fresh);
  }

  /** The variables as {@code [name, value, name, value, ...]}. */
  @Export
  public synchronized ProxyArray pairs() {
    return ProxyArray.fromArray(
        variables.entrySet().stream()
            .flatMap(entry -> Stream.<Object>of(entry.getKey(), entry.getValue()))
            .toArray());
  }

  /** Another number after each change. */
  @Export
  public synchronized int version() {
    return version;
  }

  @Export
  public synchronized void set(String name, String value) {
    variables.put(name, value);
    version++;
  }

  @Export
  public synchronized void delete(String name) {
    variables.remove(name);
    version++;
  }
}
