package org.restypolyglot.core.dispatch;

/**
 * The thread that alone enters one guest whose language has thread-bound state. It may hold the
 * poll role, so that consecutive calls need no hand-over, but never enters another guest, as a
 * stuck one would keep its own guest waiting.
 */
final class HomeThread extends CrewThread {
  HomeThread(String name) {
    super(name);
  }
}
