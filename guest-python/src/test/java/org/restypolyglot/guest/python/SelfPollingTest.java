package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.host.InMemoryHost.Reply;

/** Modules of lua-resty-ffi's form: {@code init(cfg, tq)}, {@code cffi}. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SelfPollingTest {
  private static final Path EXAMPLES = Path.of("../examples/lua-resty-ffi/python");

  /** Starts threads that poll, as many as {@code POLLERS}; each calls {@code answer(task)}. */
  private static final String FRAME =
      """
      import threading, time
      from cffi import FFI
      ffi = FFI()
      ffi.cdef('''
      void *malloc(size_t);  void free(void *);  char *strdup(const char *);
      void *memcpy(void *, const void *, size_t);
      void *ngx_http_lua_ffi_task_poll(void *);
      char *ngx_http_lua_ffi_get_req(void *, int *);
      void ngx_http_lua_ffi_respond(void *, int, char *, int);
      ''')
      C = ffi.dlopen(None)
      POLLERS = 1
      poll_task, get_req, respond = (
          C.ngx_http_lua_ffi_task_poll, C.ngx_http_lua_ffi_get_req, C.ngx_http_lua_ffi_respond)
      def text_of(task): return ffi.string(get_req(task, ffi.NULL))
      def poll(tq):
          while True:
              task = poll_task(ffi.cast("void *", tq))
              if task == ffi.NULL: break
              answer(task)
          print("a poller ends")
      def init(cfg, tq):
          for _ in range(POLLERS): threading.Thread(target=poll, args=(tq,), daemon=True).start()
          return RESULT
      RESULT = 0
      """;

  @TempDir private Path folder;
  private PythonHost python;

  @BeforeEach
  void start() {
    python = new PythonHost(folder);
  }

  @AfterEach
  void stop() {
    python.close();
  }

  private long load(String rest) throws Exception {
    python.write("main.py", FRAME + rest);
    return python.load("main,init");
  }

  private String text(long queue, String request) throws Exception {
    return python.call(queue, "any", request);
  }

  @Test
  void echo_ofAllKinds_endsWithTheUnload_andComesAgain() throws Exception {
    python.write("demo/echo.py", Files.readString(EXAMPLES.resolve("echo.py")));
    long queue = python.load("demo/echo,init");
    byte[] bytes = {0, 'a', (byte) 0xff, 0, '\n'};
    assertThat(python.call(queue, "any", bytes).bytes()).isEqualTo(bytes);
    assertThat(text(queue, "")).isEmpty();
    assertThat(python.call(queue, "any", (byte[]) null).bytes()).isNull();
    byte[] large = "0123456789".repeat(1_000_000).getBytes(UTF_8);
    assertThat(python.call(queue, "any", large).bytes()).isEqualTo(large);
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(python.start(queue, "any", "call " + i));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(PythonHost.text(calls.get(i).get())).isEqualTo("call " + i);
    }
    python.unload(queue);
    assertThat(python.log).contains("INFO [py:demo/echo] the poller ends");
    long again = python.load("demo/echo,init");
    assertThat(text(again, "again")).isEqualTo("again");
    python.unload(again);
  }

  @Test
  void tasks_travelThroughQueues() throws Exception {
    python.write("topics.py", Files.readString(EXAMPLES.resolve("topics.py")));
    long queue = python.load("topics,init,{\"topic\": \"news, all\"}");
    CompletableFuture<Reply> waiting = python.start(queue, "consume", "{\"type\": \"consume\"}");
    assertThat(text(queue, "{\"type\": \"produce\", \"msg\": \"hello\"}")).isEqualTo("nil");
    assertThat(PythonHost.text(waiting.get()))
        .isEqualTo("{\"topic\": \"news, all\", \"offset\": 0, \"value\": \"hello\"}");
    assertThat(text(queue, "{\"type\": \"x\"}"))
        .isEqualTo("-1: type 'x' is neither produce nor consume");
    assertThat(text(queue, "{")).startsWith("2: JSONDecodeError: ");
    assertThat(text(queue, "{\"type\": \"produce\"}"))
        .startsWith("1: Traceback ")
        .contains("KeyError");
    python.unload(queue);
    assertThat(python.log).contains("INFO [py:topics] topic news, all ends, with 0 messages left");
  }

  /** Their loops of asyncio run in threads of their own. */
  @Test
  void coroutinesAnswer_fromALoopInAThread() throws Exception {
    long queue =
        load(
            """
            import asyncio
            loop = asyncio.new_event_loop()
            runner = threading.Thread(target=loop.run_forever, daemon=True)
            runner.start()
            async def later(task):
                await asyncio.sleep(0.1)
                respond(task, 0, C.strdup(text_of(task).upper()), 0)
            async def stop(): loop.stop()
            def answer(task): asyncio.run_coroutine_threadsafe(later(task), loop)
            def poll(tq):
                while True:
                    task = poll_task(ffi.cast("void *", tq))
                    if task == ffi.NULL:
                        asyncio.run_coroutine_threadsafe(stop(), loop)
                        runner.join()
                        print("the loop ends")
                        break
                    answer(task)
            """);
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      calls.add(python.start(queue, "any", "call " + i));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(PythonHost.text(calls.get(i).get())).isEqualTo("CALL " + i);
    }
    python.unload(queue);
    assertThat(python.log).contains("INFO [py:main] the loop ends");
  }

  @Test
  void severalPollers_blockNobodyElse_andAllEnd() throws Exception {
    long queue =
        load(
            """
            POLLERS = 4
            ticks = 0
            def tick():
                global ticks
                while True:
                    time.sleep(0.001)
                    ticks += 1
            threading.Thread(target=tick, daemon=True).start()
            def answer(task):
                before = ticks
                while text_of(task) == b"wait" and ticks < before + 10: time.sleep(0.001)
                respond(task, 0, C.strdup(threading.current_thread().name.encode()), 0)
            """);
    python.write("other.py", "def init(cfg): return lambda req, task: req\n");
    long other = python.load("other,init"); // meanwhile all four wait
    assertThat(text(other, "x")).isEqualTo("x");
    for (int i = 0; i < 20; i++) {
      assertThat(text(queue, "wait")).startsWith("Thread-");
    }
    python.unload(queue);
    assertThat(python.log.stream().filter("INFO [py:main] a poller ends"::equals)).hasSize(4);
    python.unload(other);
  }

  @Test
  void misuse_isALine_orAnError_andHarmsNothing() throws Exception {
    long queue =
        load(
            """
            def made_up():
                task = ffi.cast("void *", 12345)
                size = ffi.new("int *", 7)
                assert get_req(task, size) == ffi.NULL and size[0] == 0
                reply = C.malloc(3)
                respond(task, 0, reply, 3)
                try: C.free(reply)
                except ValueError as error: return str(error)
            def answer(task):
                what = text_of(task)
                reply = C.strdup(b"reply")
                request = get_req(task, ffi.NULL)
                assert request == get_req(task, ffi.NULL)
                if what == b"twice":
                    respond(task, 0, reply, 0)
                    respond(task, 0, reply, 0)
                    respond(task, 0, C.strdup(b"x"), 0)
                    respond(task, 0, ffi.NULL, 0)
                    print("after twice", get_req(task, ffi.NULL))
                    try: ffi.string(request)
                    except RuntimeError as error: print("kept:", error)
                elif what == b"null": respond(task, 0, ffi.NULL, 5)
                elif what == b"unterminated":
                    reply = C.malloc(4)
                    C.memcpy(reply, b"1234", 4)
                    respond(task, 0, reply, 0)
                elif what == b"nul": respond(task, 0, C.strdup(b"ab"), 3)
                elif what == b"part": respond(task, 0, reply, 3)
                elif what == b"negative": respond(task, 0, reply, -1)
                elif what == b"rc": respond(task, -2147483648, reply, 0)
                elif what == b"madeup": respond(task, 0, C.strdup(made_up().encode()), 0)
                elif what == b"queue":
                    other = poll_task(ffi.cast("void *", 99))
                    respond(task, 0, C.strdup(str(other == ffi.NULL).encode()), 0)
                else:
                    try:
                        if what == b"bytes": respond(task, 0, b"bytes", 5)
                        elif what == b"new": respond(task, 0, ffi.new("char[]", b"x"), 1)
                        elif what == b"inside": respond(task, 0, reply + 1, 1)
                        elif what == b"long": respond(task, 0, reply, 7)
                        elif what == b"request": respond(task, 0, request, 1)
                        elif what == b"number": respond(task, 0, ffi.cast("char *", 4096), 0)
                        elif what == b"freed": C.free(reply); respond(task, 0, reply, 0)
                    except ValueError as error: print("raised:", error)
            """);
    assertThat(text(queue, "twice")).isEqualTo("reply");
    python.awaitLog("after twice <cdata 'char *' NULL>");
    python.awaitLog("kept: this memory is freed: ngx_http_lua_ffi_respond() has answered its task");
    assertThat(python.log.stream().filter(line -> line.contains("respond() refused: 0x")))
        .hasSize(3);
    assertThat(python.log.stream().filter(line -> line.contains("get_req() refused: 0x")))
        .hasSize(1);
    assertThat(text(queue, "null")).isEqualTo("nil");
    assertThat(text(queue, "unterminated")).isEqualTo("1234");
    assertThat(text(queue, "nul")).isEqualTo("ab\0");
    assertThat(text(queue, "part")).isEqualTo("rep");
    assertThat(text(queue, "negative")).isEqualTo("reply");
    assertThat(text(queue, "rc")).isEqualTo("-2147483648: reply");
    assertThat(text(queue, "madeup"))
        .contains("freed already: ngx_http_lua_ffi_respond() has taken");
    python.awaitLog("respond() refused: 0x3039 is no task that awaits a reply");
    assertThat(text(queue, "queue")).isEqualTo("True");
    python.awaitLog("task_poll() refused: <cdata 'void *' 0x63> is not this runtime's queue");
    for (String wrong : List.of("bytes", "new", "inside", "request", "number")) {
      assertThat(text(queue, wrong))
          .startsWith("1: ngx_http_lua_ffi_respond(): nginx frees <cdata 'char")
          .contains("not from C.malloc() or C.strdup()");
    }
    assertThat(text(queue, "long")).contains("7 bytes of <cdata 'char *' 0x", "which has 6");
    assertThat(text(queue, "freed")).contains("is freed already: by free()");
    python.awaitLog("raised: ngx_http_lua_ffi_respond(): <cdata 'char *' 0x");
    python.unload(queue);
  }

  @Test
  void configIsACharPointer_andNoneIsNull() throws Exception {
    String rest =
        """
        def init(cfg, tq):
            assert type(cfg) is int and type(tq) is int and tq != 0
            raise ValueError(ffi.string(ffi.cast("char*", cfg)).decode() if cfg else "none")
        """;
    python.write("main.py", FRAME + rest);
    assertThat(failure("main,init,{\"ä\": [1, 2]}").text()).isEqualTo("{\"ä\": [1, 2]}");
    assertThat(failure("main,init").text()).isEqualTo("none");
  }

  private GuestException failure(String spec) {
    return catchThrowableOfType(GuestException.class, () -> python.load(spec));
  }

  @Test
  void loadThatFails_alsoWhereThreadsPoll() throws Exception {
    python.write("main.py", FRAME + "def answer(task): pass\nRESULT = -3\n");
    assertThat(failure("main,init").rc()).isEqualTo(-3);
    assertThat(failure("main,init").text()).contains("main.py returned -3");
    python.write("home.py", FRAME + "def init(cfg, tq): poll_task(ffi.cast('void *', tq))\n");
    assertThat(failure("home,init").text())
        .contains(
            "ngx_http_lua_ffi_task_poll() blocks, so it is for threads that the module starts");
  }

  @Test
  void otherResults() throws Exception {
    String rest =
        """
        def answer(task): respond(task, 0, C.strdup(b"polled"), 0)
        def none(cfg, tq): init(cfg, tq)
        async def later(cfg, tq): return init(cfg, tq)
        def handler(cfg, tq): return lambda req, task: b"handled"
        def optional(cfg, tq=None): return lambda req, task: repr((cfg, tq))
        """;
    python.write("main.py", FRAME + rest);
    for (String entry : List.of("none", "later")) {
      long queue = python.load("main," + entry);
      assertThat(text(queue, "x")).isEqualTo("polled");
      python.unload(queue);
    }
    long handled = python.load("main,handler");
    assertThat(text(handled, "x")).isEqualTo("handled");
    python.unload(handled);
    long optional = python.load("main,optional,text");
    assertThat(text(optional, "x")).isEqualTo("('text', None)");
    python.unload(optional);
  }

  /** As one of their examples does, which asks for the request of the NULL that ends it. */
  @Test
  void threadsThatDoNotEnd_areEndedByTheUnload() throws Exception {
    long queue =
        load(
            """
            def poll(tq):
                while True:
                    try:
                        task = poll_task(ffi.cast("void *", tq))
                        respond(task, 0, C.strdup(text_of(task)), 0)
                    except RuntimeError: pass
            """);
    assertThat(text(queue, "x")).isEqualTo("x");
    python.unload(queue);
    assertThat(python.log).noneMatch(line -> line.contains("dispose takes longer"));
  }

  @Test
  void changes_waitForTheNextLoad() throws Exception {
    python.write("main.py", FRAME + "def answer(task): respond(task, 0, C.strdup(b'old'), 0)\n");
    long queue = python.load("main?,init", new JsonObject());
    python.awaitLog("polls for its tasks itself");
    python.write("main.py", FRAME + "def answer(task): respond(task, 0, C.strdup(b'new'), 0)\n");
    assertThat(text(queue, "x")).isEqualTo("old");
    python.unload(queue);
    long fresh = python.load("main?,init", new JsonObject());
    assertThat(text(fresh, "x")).isEqualTo("new");
    python.unload(fresh);
  }
}
