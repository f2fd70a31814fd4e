package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packages from PyPI, which {@code guest-python/python/install} has installed. Each script of
 * {@code src/test/resources/packages} prints here what it printed in CPython, which made the file
 * beside it ({@code guest-python/python/record}).
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackagesTest {
  private static final RecordedScripts SCRIPTS = new RecordedScripts("packages");
  private static final Path INSTALLED = Path.of("target/python").toAbsolutePath();

  private static final String RUNS =
      """
      import contextlib, io

      def run(req, task):
          out = io.StringIO()
          with open(req) as file:
              code = compile(file.read(), req.decode(), "exec")
          with contextlib.redirect_stdout(out):
              exec(code, {"__name__": "__main__"})
          return out.getvalue()

      def init(cfg): return run
      """;

  private static final String FASTAPI =
      """
      import asyncio
      from fastapi import FastAPI
      from pydantic import BaseModel, Field

      class Item(BaseModel):
          name: str = Field(min_length=2)
          price: float
          part: "Part | None" = None

      class Part(BaseModel):
          n: int

      app = FastAPI()

      @app.post("/items/{number}")
      async def create(number: int, item: Item, q: str = "none"):
          return {"number": number, "q": q, **item.model_dump()}

      async def handler(req, task):
          sent, bodies = [], [req]
          async def receive():
              if not bodies:
                  await asyncio.Event().wait()
              return {"type": "http.request", "body": bodies.pop()}
          async def send(message):
              sent.append(message)
          await app({
              "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
              "method": "POST", "scheme": "http", "root_path": "", "path": "/items/5",
              "raw_path": b"/items/5", "query_string": b"q=x", "server": ("x", 80),
              "headers": [(b"content-type", b"application/json")], "client": ("y", 1),
          }, receive, send)
          return f"VERSION {sent[0]['status']} {sent[1]['body'].decode()}"

      def init(cfg): return handler
      """;

  private PythonHost python;
  private long scripts;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    python = new PythonHost(folder);
    python.write("runs.py", RUNS);
    scripts = python.load("runs,init", venv("packages"));
  }

  @AfterAll
  void stop() throws Exception {
    python.unload(scripts);
    python.close();
  }

  private static JsonObject venv(String name) {
    JsonObject options = new JsonObject();
    options.addProperty("venv", INSTALLED.resolve(name).toString());
    options.addProperty("load_timeout", 0);
    return options;
  }

  private static Stream<String> scripts() throws IOException {
    return SCRIPTS.names();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void script_printsWhatItPrintsInCPython(String name) throws Exception {
    assertThat(python.call(scripts, "m", SCRIPTS.file(name).toString()))
        .isEqualTo(SCRIPTS.printed(name));
  }

  @Test
  void compiledForThisEngine_severalTimes_wherePermitted() throws Exception {
    python.write("f.py", FASTAPI.replace("VERSION", "one"));
    JsonObject options = venv("native");
    assertThat(loadFailure(options))
        .contains("pydantic_core._pydantic_core is compiled code, and native access is not open")
        .contains("permissions = {native = {\"pydantic_core\"}}");
    JsonArray packages = new JsonArray();
    packages.add("pydantic_core");
    JsonObject permissions = new JsonObject();
    permissions.add("native", packages);
    options.add("permissions", permissions);
    String ok = "200 {\"number\":5,\"q\":\"x\",\"name\":\"ab\",\"price\":2.5,\"part\":{\"n\":1}}";
    String request = "{\"name\": \"ab\", \"price\": \"2.5\", \"part\": {\"n\": 1}}";
    long first = python.load("f,init", options);
    assertThat(python.call(first, "m", request)).isEqualTo("one " + ok);
    long second = python.load("f?,init", options);
    assertThat(python.call(second, "m", request)).isEqualTo("one " + ok);
    python.unload(first);
    python.write("f.py", FASTAPI.replace("VERSION", "two"));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * PythonHost.SECONDS);
    while (!python.call(second, "m", request).equals("two " + ok)) {
      assertThat(System.nanoTime()).as("waiting for the reload").isLessThan(limit);
      Thread.sleep(100);
    }
    assertThat(python.call(second, "m", "{\"name\": \"a\", \"price\": \"x\"}"))
        .startsWith("two 422 {\"detail\":[{\"type\":\"string_too_short\"")
        .contains("float_parsing");
    python.unload(second);
  }

  private String loadFailure(JsonObject options) {
    try {
      python.unload(python.load("f,init", options));
      return "loaded";
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
  }
}
