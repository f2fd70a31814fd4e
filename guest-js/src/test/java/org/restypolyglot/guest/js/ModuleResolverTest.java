package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.restypolyglot.core.guest.Sources;

/** The look-up rules alone, without an engine or a disk. */
class ModuleResolverTest {
  private static final Path ROOT = Path.of("/r");

  /** Files in memory, and what was looked for. */
  private static final class FakeSources implements Sources {
    final Map<String, String> files;
    final Set<String> lookedFor = new TreeSet<>();

    FakeSources(Map<String, String> files) {
      this.files = files;
    }

    @Override
    public byte[] read(Path file) throws NoSuchFileException {
      String text = files.get(file.toString());
      if (text == null) {
        throw new NoSuchFileException(file.toString());
      }
      return text.getBytes(UTF_8);
    }

    @Override
    public boolean isFile(Path file) {
      lookedFor.add(file.toString());
      return files.containsKey(file.toString());
    }

    @Override
    public boolean isFolder(Path folder) {
      return files.keySet().stream().anyMatch(file -> Path.of(file).getParent().startsWith(folder));
    }

    @Override
    public Path realPath(Path file) {
      return file;
    }
  }

  private static ModuleResolver resolver(Map<String, String> files, Path... roots) {
    return new ModuleResolver(new FakeSources(files), List.of(roots));
  }

  /** What it finds in a file of a folder. */
  private static @Nullable Path resolve(ModuleResolver resolver, String specifier, Path folder)
      throws ResolutionException {
    List<Path> paths = new ArrayList<>();
    if (ModuleResolver.isRelative(specifier)) {
      paths.add(folder);
    } else {
      paths.addAll(ModuleResolver.nodeModules(folder));
      paths.addAll(resolver.globalPaths());
    }
    return resolver.resolve(specifier, folder.resolve("importer.js"), paths)
            instanceof Resolved.InFile(FileUrl url)
        ? url.path()
        : null;
  }

  @Test
  void exactName_beforeExtensions_beforeFolders() throws Exception {
    ModuleResolver all =
        resolver(Map.of("/r/a", "", "/r/a.js", "", "/r/a.json", "", "/r/a/index.js", ""), ROOT);
    assertThat(resolve(all, "./a", ROOT)).hasToString("/r/a");
    ModuleResolver json =
        resolver(Map.of("/r/a.json", "", "/r/a.node", "", "/r/a/index.js", ""), ROOT);
    assertThat(resolve(json, "./a", ROOT)).hasToString("/r/a.json");
    assertThat(resolve(json, "./a/", ROOT)).hasToString("/r/a/index.js");
    assertThat(resolve(json, ".", Path.of("/r/a"))).hasToString("/r/a/index.js");
    assertThat(resolve(json, "..", Path.of("/r/a/b"))).hasToString("/r/a/index.js");
  }

  @Test
  void main_mayBeAFolder_orNonsense() throws Exception {
    ModuleResolver folder =
        resolver(Map.of("/r/p/package.json", "{\"main\":\"lib\"}", "/r/p/lib/index.js", ""), ROOT);
    assertThat(resolve(folder, "./p", ROOT)).hasToString("/r/p/lib/index.js");
    for (String broken : List.of("{\"main\":5}", "{\"main\":\"a\\u0000\"}", "{}")) {
      ModuleResolver fallback =
          resolver(Map.of("/r/p/package.json", broken, "/r/p/index.js", ""), ROOT);
      assertThat(resolve(fallback, "./p", ROOT)).as(broken).hasToString("/r/p/index.js");
    }
  }

  @Test
  void bareNames_areLookedUpUpwards_thenInRoots() throws Exception {
    ModuleResolver resolver =
        resolver(
            Map.of("/x/a.js", "", "/y/node_modules/b/index.js", ""), Path.of("/x"), Path.of("/y"));
    assertThat(resolve(resolver, "a", Path.of("/srv/app"))).hasToString("/x/a.js");
    assertThat(resolve(resolver, "b", Path.of("/srv/app")))
        .hasToString("/y/node_modules/b/index.js");
    assertThat(resolve(resolver, "c", Path.of("/srv/app"))).isNull();
    assertThat(ModuleResolver.nodeModules(Path.of("/srv/node_modules/p")))
        .extracting(Path::toString)
        .containsExactly("/srv/node_modules/p/node_modules", "/srv/node_modules", "/node_modules");
    assertThat(resolver.globalPaths())
        .extracting(Path::toString)
        .containsExactly("/x/node_modules", "/x", "/y/node_modules", "/y");
  }

  @Test
  void specModule_isLookedUpRootByRoot() throws Exception {
    ModuleResolver resolver =
        resolver(
            Map.of(
                "/y/demo/echo.js",
                "",
                "/x/demo/echo/index.js",
                "",
                "/x/esm.mjs",
                "",
                "/y/only.js",
                ""),
            Path.of("/x"),
            Path.of("/y"));
    assertThat(resolver.resolveMain("demo/echo")).hasToString("/x/demo/echo/index.js");
    assertThat(resolver.resolveMain("demo/echo.js")).hasToString("/y/demo/echo.js");
    assertThat(resolver.resolveMain("esm")).hasToString("/x/esm.mjs");
    assertThat(resolver.resolveMain("/y/only")).hasToString("/y/only.js");
    assertThat(resolver.resolveMain("../y/only")).hasToString("/y/only.js");
    assertThat(resolver.resolveMain("none\0")).isNull();
  }

  @Test
  void whatIsMissing_wasLookedForThroughTheSources() throws Exception {
    FakeSources sources = new FakeSources(Map.of());
    assertThat(resolve(new ModuleResolver(sources, List.of(ROOT)), "./a", ROOT)).isNull();
    assertThat(sources.lookedFor).contains("/r/a", "/r/a.js", "/r/a.json", "/r/a.node");
  }
}
