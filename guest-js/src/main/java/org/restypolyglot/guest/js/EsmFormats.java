package org.restypolyglot.guest.js;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells by Node's rules what an imported file holds, and which import attributes it needs.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: a file that is nothing of ours is a {@link
 * ResolutionException}.
 */
final class EsmFormats {

  /** Looks into a file whose name and package say nothing. */
  @FunctionalInterface
  interface Detection {
    boolean isModule(Path file) throws ResolutionException;
  }

  private static final String TYPE = "type";
  private static final String JSON = "json";

  private final Packages packages;
  private final Detection detection;

  EsmFormats(Packages packages, Detection detection) {
    this.packages = packages;
    this.detection = detection;
  }

  EsmFormat of(Path file) throws ResolutionException {
    String extension = extension(file);
    return switch (extension) {
      case ".mjs" -> EsmFormat.MODULE;
      case ".cjs" -> EsmFormat.COMMONJS;
      case ".json" -> EsmFormat.JSON;
      case ".js", "" -> ofPackage(file);
      default ->
          throw ResolutionException.typeError(
              "ERR_UNKNOWN_FILE_EXTENSION",
              "Unknown file extension \"%s\" for %s".formatted(extension, file));
    };
  }

  private EsmFormat ofPackage(Path file) throws ResolutionException {
    PackageJson own = packages.scopeOf(file);
    return switch (own == null ? "none" : own.type()) {
      case "module" -> EsmFormat.MODULE;
      case "commonjs" -> EsmFormat.COMMONJS;
      default -> detection.isModule(file) ? EsmFormat.MODULE : EsmFormat.COMMONJS;
    };
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot) : "";
  }

  /** What a {@code data:} URL holds. */
  static EsmFormat ofMimeType(String mimeType, String url) throws ResolutionException {
    return switch (mimeType) {
      case "text/javascript", "application/javascript" -> EsmFormat.MODULE;
      case "application/json" -> EsmFormat.JSON;
      default ->
          throw ResolutionException.rangeError(
              "ERR_UNKNOWN_MODULE_FORMAT",
              "Unknown module format: %s for URL %s".formatted(mimeType, url));
    };
  }

  /** Node's rules for {@code with { type: ... }}; it ignores other attributes. */
  static void checkAttributes(String url, EsmFormat format, Map<String, String> attributes)
      throws ResolutionException {
    @Nullable String type = attributes.get(TYPE);
    boolean isJson = format == EsmFormat.JSON;
    if (type == null && isJson) {
      throw ResolutionException.typeError(
          "ERR_IMPORT_ATTRIBUTE_MISSING",
          "Module \"%s\" needs an import attribute of \"type: json\"".formatted(url));
    }
    if (type != null && !type.equals(JSON)) {
      throw ResolutionException.typeError(
          "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
          "Import attribute \"type\" with value \"%s\" is not supported in %s"
              .formatted(type, url));
    }
    if (type != null && !isJson) {
      throw ResolutionException.typeError(
          "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
          "Module \"%s\" is not of type \"%s\"".formatted(url, type));
    }
  }
}
