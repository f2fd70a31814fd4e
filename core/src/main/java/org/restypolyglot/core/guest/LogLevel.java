package org.restypolyglot.core.guest;

/** The levels of nginx's error.log that guests use. */
public enum LogLevel {
  ERROR(4),
  WARN(5),
  NOTICE(6),
  INFO(7),
  DEBUG(8);

  private final int nginxLevel;

  LogLevel(int nginxLevel) {
    this.nginxLevel = nginxLevel;
  }

  /** nginx's number for it ({@code NGX_LOG_ERR} is 4). */
  public int nginxLevel() {
    return nginxLevel;
  }
}
