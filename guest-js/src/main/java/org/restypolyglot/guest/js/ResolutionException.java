package org.restypolyglot.guest.js;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * No module for a specifier, with Node's code, class and words; JavaScript makes its error of it.
 *
 * <p>It has no Java stack trace, as none of it would be the user's code.
 */
final class ResolutionException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The code of an import that finds nothing. */
  static final String NOT_FOUND = "ERR_MODULE_NOT_FOUND";

  /** The code of a require that finds nothing. */
  static final String REQUIRE_NOT_FOUND = "MODULE_NOT_FOUND";

  /** The code of a target of "exports" or "imports" that is none. */
  static final String INVALID_TARGET = "ERR_INVALID_PACKAGE_TARGET";

  private final String code;
  private final String type;
  private final transient Map<String, Object> properties = new LinkedHashMap<>();

  private ResolutionException(String code, String type, String message) {
    super(message, null, false, false);
    this.code = code;
    this.type = type;
  }

  static ResolutionException error(String code, String message) {
    return new ResolutionException(code, "Error", message);
  }

  static ResolutionException typeError(String code, String message) {
    return new ResolutionException(code, "TypeError", message);
  }

  static ResolutionException rangeError(String code, String message) {
    return new ResolutionException(code, "RangeError", message);
  }

  static ResolutionException invalidSpecifier(String specifier, String reason, String base) {
    return typeError(
        "ERR_INVALID_MODULE_SPECIFIER",
        "Invalid module \"%s\" %s%s".formatted(specifier, reason, importedFrom(base)));
  }

  static ResolutionException invalidConfig(String file, String base, String reason) {
    return error(
        "ERR_INVALID_PACKAGE_CONFIG",
        "Invalid package config %s%s.%s"
            .formatted(
                file,
                base.isEmpty() ? "" : " while importing " + base,
                reason.isEmpty() ? "" : " " + reason));
  }

  /** " imported from ..." where it is known. */
  static String importedFrom(String base) {
    return base.isEmpty() ? "" : " imported from " + base;
  }

  /** Another property of the error. */
  ResolutionException with(String name, Object value) {
    properties.put(name, value);
    return this;
  }

  String code() {
    return code;
  }

  /** The name of JavaScript's class. */
  String type() {
    return type;
  }

  Map<String, Object> properties() {
    return properties;
  }
}
