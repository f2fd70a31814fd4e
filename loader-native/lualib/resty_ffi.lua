-- The Lua side of the host: ngx.load_ffi and what it returns.
--
--     require("resty_ffi")
--     local demo = ngx.load_ffi("js:demo/echo?,init")
--     local ok, res, err = demo:echo("hello")
--
-- The state of runtimes and calls is in libresty_ffi.so, per process: a Lua VM may come and go
-- (with lua_code_cache off there is one for each request). This file checks what it is given,
-- yields where the caller has to wait, and makes Lua strings of the answers. Requiring it loads and
-- hooks nothing.

local ffi = require "ffi"

local ngx = ngx
local co_yield = coroutine._yield -- luacheck: ignore 143 (ngx_lua's: it yields to nginx)
local ffi_string = ffi.string
local find, match, gsub, format = string.find, string.match, string.gsub, string.format
local type, tostring, pairs, ipairs, pcall = type, tostring, pairs, ipairs, pcall
local tonumber = tonumber
local rawset, setmetatable, error, require, next = rawset, setmetatable, error, require, next
local concat, sort, floor = table.concat, table.sort, math.floor

local _M = { version = "0.1.0" }

-- Names of lua-resty-ffi's own loaders, and the language that they mean here.
_M.aliases = {
    ffi_nodejs = "js:",
    ffi_python3 = "py:",
    resty_ffi_python = "py:",
    ffi_java = "java:",
}

local POLYGLOT = "ffi_polyglot"
local HOST_RC = -1 -- the rc of a load that the host itself refuses

local DEFAULT_MAX_QUEUE = 65536
local DEFAULT_TIMEOUT = 60
local MAX_TIMEOUT = 2147483 -- seconds; nginx's timers take milliseconds in an int
local MAX_CACHED_METHODS = 256
local BIG_REPLY = 65536 -- bytes; freed at once, not when the next reply comes

-- enum resty_ffi_lua_status
local OK, FAILED, TIMED_OUT, AGAIN = 0, 1, 3, 4
-- enum resty_ffi_lua_load_flags
local GLOBAL, UNPIN, CAN_YIELD = 1, 2, 4

-- resty_ffi_lua_result_t. Compared with C's before anything else is called.
local FIELDS = {
    { "runtime", "double" },
    { "timeout_ms", "double" },
    { "text", "const char *" },
    { "len", "double" },
    { "status", "int32_t" },
    { "rc", "int32_t" },
}

local NO_INIT = "ngx.load_ffi cannot be used in init_by_lua: that runs in nginx's master process, "
    .. "before the workers are forked. Load in init_worker_by_lua, or in a request"

local NO_EXIT = "ngx.load_ffi cannot be used in exit_worker_by_lua: the worker ends"

local NO_THREAD = "ngx.load_ffi cannot be used in ngx.run_worker_thread: only nginx's own thread "
    .. "can load and call"

-- Set by open(): the library, the number of this Lua VM, the result of the last call, and
-- lua-resty-core's get_request, and whether the running coroutine can yield.
local lib, vm, result, get_request, can_yield

-- What setup{} gave.
local settings = {}

-- By key: { runtime = what load_ffi returned, id = its number, library = its library: "a&b" and "c"
-- have the key of "a" and "b&c" }.
local loaded = {}

local function declare()
    if pcall(ffi.typeof, "resty_ffi_lua_result_t") then
        return
    end
    local members = {}
    for i, field in ipairs(FIELDS) do
        members[i] = field[2] .. " " .. field[1] .. ";"
    end
    ffi.cdef("typedef struct { " .. concat(members, " ") .. " } resty_ffi_lua_result_t;")
    ffi.cdef [[
        const char *resty_ffi_lua_layout(void);
        double resty_ffi_lua_open(resty_ffi_lua_result_t *result);
        void resty_ffi_lua_close(double vm);
        int resty_ffi_lua_setting(const char *name, const char *value);
        double resty_ffi_lua_load(resty_ffi_lua_result_t *result, void *r, double vm,
            const char *key, const char *lib, const char *cfg, const char *options,
            double max_queue, double timeout_ms, int flags);
        void resty_ffi_lua_load_take(resty_ffi_lua_result_t *result, double ref, int woken);
        int resty_ffi_lua_is_ready(double runtime);
        void resty_ffi_lua_unload(double runtime);
        void resty_ffi_lua_status(resty_ffi_lua_result_t *result, double runtime);
        double resty_ffi_lua_call(resty_ffi_lua_result_t *result, void *r, double vm,
            double runtime, const char *req, double req_len, const char *method,
            double method_len, double timeout_ms);
        void resty_ffi_lua_take(resty_ffi_lua_result_t *result, double ref, int woken);
        void resty_ffi_lua_release(void);
        void resty_ffi_lua_log(int level, const char *text);
    ]]
end

-- What resty_ffi_lua_layout() has to say: version, sizes, offsets.
local function layout()
    local struct = ffi.typeof("resty_ffi_lua_result_t")
    local parts = { _M.version, "result=" .. ffi.sizeof(struct) }
    for i, field in ipairs(FIELDS) do
        parts[i + 2] = format("%s=%d/%d", field[1], ffi.offsetof(struct, field[1]),
                              ffi.sizeof(field[2]))
    end
    return concat(parts, " ")
end

-- The text of the last call, or nil.
local function result_text()
    if result.text == nil then
        return nil
    end
    local len = result.len
    local text = ffi_string(result.text, len)
    if len > BIG_REPLY then
        lib.resty_ffi_lua_release()
    end
    return text
end

-- ---- opening the host ----------------------------------------------------------------------

-- Where Lua may yield and nginx waits for it. In ssl_client_hello and ssl_session_fetch nginx and
-- OpenSSL wait only with OpenResty's patches; others end the handshake, or go on.
local YIELDING_PHASES = {
    rewrite = true,
    server_rewrite = true,
    access = true,
    content = true,
    timer = true,
    ssl_cert = true,
    preread = true,
}

-- libresty_ffi.so beside this file (dist/lualib and dist/lib), else as the linker finds it.
local function load_library()
    local folder = match(debug.getinfo(1, "S").source, "^@(.*/)") or ""
    local errors = {}
    for _, name in ipairs { folder .. "../lib/libresty_ffi.so", "resty_ffi" } do
        local ok, found = pcall(ffi.load, name, true) -- global: libraries call into it
        if ok then
            -- ngx_lua hides coroutine.isyieldable, and the FFI does not know the coroutine.
            local is_yieldable = package.loadlib(name, "resty_ffi_lua_can_yield")
                or package.loadlib("libresty_ffi.so", "resty_ffi_lua_can_yield")
            can_yield = is_yieldable and function()
                return is_yieldable() and YIELDING_PHASES[ngx.get_phase()]
            end
            return found
        end
        errors[#errors + 1] = tostring(found)
    end
    return nil, "cannot load libresty_ffi.so: " .. concat(errors, "; ")
end

local function check_layout(library)
    local ok, theirs = pcall(function()
        return ffi_string(library.resty_ffi_lua_layout())
    end)
    if not ok then
        return nil, "libresty_ffi.so is not the one that belongs to resty_ffi.lua " .. _M.version
    end
    local ours = layout()
    if ours ~= theirs or not can_yield then
        return nil, format("resty_ffi.lua %s and libresty_ffi.so %s do not belong together "
                           .. "(%s; %s)", _M.version, match(theirs, "^%S*"), ours, theirs)
    end
    return true
end

local function give_settings()
    local values = {
        java_home = settings.java_home,
        jvm_options = settings.jvm_options and settings.jvm_options[1]
            and concat(settings.jvm_options, "\n"),
        prefix = ngx.config.prefix(),
    }
    for name, value in pairs(values) do
        if lib.resty_ffi_lua_setting(name, value) == 1 then
            lib.resty_ffi_lua_log(5, format("setup{%s}: the first load in this worker has fixed it "
                                            .. "to another value, which stays", name))
        end
    end
end

-- A VM of ngx.run_worker_thread says that its phase is init_by_lua's.
local function is_nginx_thread()
    local known, is = pcall(function()
        ffi.cdef "int getpid(void); int gettid(void);"
        return ffi.C.getpid() == ffi.C.gettid()
    end)
    return not known or is -- an old glibc has no gettid(); C looks again
end

-- At the first load of a Lua VM. true, or nil and why not.
local function open()
    if not is_nginx_thread() then
        return nil, NO_THREAD
    end
    if ngx.get_phase and ngx.get_phase() == "init" then
        return nil, NO_INIT
    end
    local has_core, base = pcall(require, "resty.core.base")
    if not has_core then
        return nil, "lua-resty-core is needed: " .. tostring(base)
    end
    declare()
    local library, err = load_library()
    if not library then
        return nil, err
    end
    local fits
    fits, err = check_layout(library)
    if not fits then
        return nil, err
    end
    lib, result, get_request = library, ffi.new("resty_ffi_lua_result_t"), base.get_request

    -- One for each VM, though this file may be loaded again; its finalizer tells the VM's end.
    local registry = debug.getregistry()
    local opened = registry.resty_ffi_vm
    if not opened then
        local number = lib.resty_ffi_lua_open(result)
        if number == 0 then
            return nil, result_text()
        end
        local close = lib.resty_ffi_lua_close
        opened = {
            number = number,
            sentinel = ffi.gc(ffi.new("char[1]"), function() close(number) end),
        }
        registry.resty_ffi_vm = opened
    end
    vm = opened.number
    give_settings()
    return true
end

-- ---- checking what the user gives ----------------------------------------------------------

local function quote(value)
    if type(value) == "string" then
        return format("%q", value)
    elseif type(value) == "table" then
        local has_cjson, cjson = pcall(require, "cjson.safe")
        return has_cjson and cjson.encode(value) or tostring(value)
    end
    return tostring(value)
end

local function is_timeout(value)
    return type(value) == "number" and value >= 0 and value <= MAX_TIMEOUT
end

local function is_positive_integer(value)
    return type(value) == "number" and value >= 1 and value < 2147483648 and floor(value) == value
end

local function is_array_of_strings(value)
    if type(value) ~= "table" then
        return false
    end
    local n = 0
    for _, element in pairs(value) do
        if type(element) ~= "string" then
            return false
        end
        n = n + 1
    end
    return n == #value
end

local function is_folder(value)
    return type(value) == "string" and value ~= "" and not find(value, "%z")
end

local function is_path(value)
    return type(value) == "string" or is_array_of_strings(value)
end

-- The runtime looks at the host.
local function is_address(value)
    if type(value) == "string" then
        value = tonumber(match(value, "^.+:(%d+)$") or match(value, "^%d+$"))
    end
    return type(value) == "boolean" or is_positive_integer(value) and value < 65536
end

local function is_boolean(value)
    return type(value) == "boolean"
end

-- load_ffi's, by name: the check, and what it asks for. What is not here is an error; what is here
-- reaches the runtime.
local OPTIONS = {
    max_queue = { is_positive_integer, "a whole number from 1" },
    is_global = { is_boolean, "true or false" },
    unpin = { is_boolean, "true or false" },
    timeout = { is_timeout, "seconds from 0 (none) to " .. MAX_TIMEOUT },
    load_timeout = { is_timeout, "seconds from 0 (none) to " .. MAX_TIMEOUT },
    drain_timeout = { is_timeout, "seconds from 0 (none) to " .. MAX_TIMEOUT },
    contexts = { is_positive_integer, "a whole number from 1" },
    path = { is_path, "a folder, or a list of folders" },
    venv = { is_folder, "a folder" },
    permissions = { function(value) return type(value) == "table" end, "a table" },
}

local CALL_OPTIONS = { timeout = OPTIONS.timeout }

local SETTINGS = {
    java_home = { is_folder, "a folder" },
    jvm_options = { function(value)
        return is_array_of_strings(value) and not find(concat(value), "[%z\n]")
    end, "a list of strings of one line" },
    path = OPTIONS.path,
    venv = OPTIONS.venv,
    inspect = { is_address, '"host:port", "port", a port, or true' },
    dap = { is_address, '"host:port", "port", a port, or true' },
    debug_public = { is_boolean, "true or false" },
}

local function names(known)
    local list = {}
    for name in pairs(known) do
        list[#list + 1] = name
    end
    sort(list)
    return concat(list, ", ")
end

-- All that is wrong with a table of options, as one text; nil: nothing.
local function complaints(what, given, known)
    if type(given) ~= "table" then
        return format("%s is %s: a table is needed", what, quote(given))
    end
    local found = {}
    for name, value in pairs(given) do
        local check = known[name]
        if type(name) ~= "string" then
            found[#found + 1] = format("%s[%s]: only names are known", what, quote(name))
        elseif not check then
            found[#found + 1] = format("%s.%s: there is no such option here, only %s", what, name,
                                       names(known))
        elseif not check[1](value) then
            found[#found + 1] = format("%s.%s is %s: %s is needed", what, name, quote(value),
                                       check[2])
        end
    end
    sort(found)
    return found[1] and concat(found, "; ") or nil
end

-- Whether debuggers may connect to this worker: of all workers only the first listens.
local function is_debugged()
    return (settings.inspect or settings.dap) and ngx.worker.id() == 0
end

local function as_list(path)
    return type(path) == "string" and { path } or path
end

-- The JSON that reaches the runtime: load_ffi's options, with setup{}'s beneath them, and the
-- time-out that holds. nil, err.
local function encode_options(opts, timeout)
    local has_cjson, cjson = pcall(require, "cjson.safe")
    if not has_cjson then
        return nil, "lua-cjson is needed: " .. tostring(cjson)
    end
    local all = {}
    for name, value in pairs(settings) do
        all[name] = value
    end
    for name, value in pairs(opts) do
        all[name] = value
    end
    if not is_debugged() then
        all.inspect, all.dap = nil, nil
    end
    all.timeout = timeout
    all.path = as_list(all.path)
    all.prefix = ngx.config.prefix()
    for name, value in pairs(all) do
        if type(value) == "table" and next(value) == nil then
            all[name] = nil -- JSON would have to know whether it is a list
        end
    end
    local text, err = cjson.encode(all)
    if not text then
        return nil, "opts cannot be written as JSON: " .. tostring(err)
    end
    return text
end

-- The library and its config for what load_ffi was given; nil, nil, err.
local function resolve(name, cfg)
    if type(name) ~= "string" or name == "" or find(name, "%z") then
        return nil, nil, format("the library is %s: a name, a path or a spec is needed",
                                quote(name))
    end
    if cfg ~= nil and (type(cfg) ~= "string" or find(cfg, "%z")) then
        return nil, nil, format("the config is %s: a string without NUL, or nil, is needed",
                                quote(cfg))
    end
    local alias = _M.aliases[name]
    if alias then
        return POLYGLOT, alias .. (cfg or "")
    end
    if not find(name, "^%a[%w_]*:") then
        return name, cfg
    end
    if cfg == nil then
        return POLYGLOT, name
    end
    local _, commas = gsub(name, ",", ",")
    if commas == 0 then
        return nil, nil, format("the spec %s has no entry: lang:module,entry is needed",
                                quote(name))
    elseif commas > 1 then
        return nil, nil, format("the spec %s has a config already, and another one is given: %s",
                                quote(name), quote(cfg))
    end
    return POLYGLOT, name .. "," .. cfg
end

-- Why the running code cannot yield.
local function cannot_yield()
    local phase = ngx.get_phase()
    if not YIELDING_PHASES[phase] then
        return format("a call has to wait, and %s_by_lua cannot: call in rewrite, access, content, "
                      .. "ssl_certificate, a timer or a light thread", phase)
    end
    return "a call has to wait, and cannot across a C function (the body of a module that is being "
        .. "required, a metamethod, table.sort, string.gsub): call in a function that runs later"
end

-- ---- calls ---------------------------------------------------------------------------------

-- Milliseconds of a per-call timeout; nil, err.
local function call_timeout(opts)
    local err = complaints("opts", opts, CALL_OPTIONS)
    if err then
        return nil, err
    end
    return opts.timeout and opts.timeout * 1000
end

local function call(id, timeout_ms, method, req, opts)
    local req_len = 0
    if req ~= nil then
        if type(req) ~= "string" then
            return false, format("the request is a %s: a string or nil is needed", type(req))
        end
        req_len = #req
    end
    if opts ~= nil then
        local own_timeout_ms, err = call_timeout(opts)
        if err then
            return false, err
        end
        timeout_ms = own_timeout_ms or timeout_ms
    end
    if not can_yield() then
        return false, cannot_yield()
    end

    local ref = lib.resty_ffi_lua_call(result, get_request(), vm, id, req, req_len, method, #method,
                                       timeout_ms)
    if ref == 0 then
        return false, result_text()
    end
    local status
    repeat
        local woken = co_yield()
        lib.resty_ffi_lua_take(result, ref, woken and 1 or 0)
        status = result.status
    until status ~= AGAIN

    if status == OK then
        return true, result_text()
    elseif status == FAILED then
        local rc = result.rc
        return false, rc, result_text()
    elseif status == TIMED_OUT then
        return false, "timeout"
    end
    return false, result_text() or "no memory"
end

-- What the runtime tells of itself, as a table; nil, err.
local function runtime_status(id)
    lib.resty_ffi_lua_status(result, id)
    if result.status ~= OK then
        return nil, result_text()
    end
    local text = result_text()
    if not text then
        return nil, "no status: the runtime is being loaded, or its library tells nothing"
    end
    return require("cjson.safe").decode(text)
end

-- What load_ffi returns. Any field but __unload and __status is a method of the guest; all else is
-- in upvalues, so that no name is taken.
local function new_runtime(key, id, timeout_ms)
    local self
    local cached = 0

    local function wrong_self(name)
        return false, format("call it with a colon: runtime:%s(req)", name)
    end

    self = {
        __unload = function(this)
            if this ~= self then
                return wrong_self("__unload")
            end
            lib.resty_ffi_lua_unload(id)
            local entry = loaded[key]
            if entry and entry.id == id then
                loaded[key] = nil
            end
            return true
        end,
        __status = function(this)
            if this ~= self then
                return nil, "call it with a colon: runtime:__status()"
            end
            return runtime_status(id)
        end,
    }
    return setmetatable(self, {
        __index = function(_, name)
            if type(name) ~= "string" then
                return nil
            end
            local function method(this, req, opts)
                if this ~= self then
                    return wrong_self(name)
                end
                return call(id, timeout_ms, name, req, opts)
            end
            if cached < MAX_CACHED_METHODS then -- names may come from clients
                cached = cached + 1
                rawset(self, name, method)
            end
            return method
        end,
        __call = function(_, req, opts)
            return call(id, timeout_ms, "", req, opts)
        end,
        __tostring = function()
            return "runtime: " .. key
        end,
    })
end

-- ---- loads ---------------------------------------------------------------------------------

local function load_result(key, library, timeout)
    local status = result.status
    if status == TIMED_OUT then
        return nil, HOST_RC, format("timeout: the load takes longer than %s s, and goes on",
                                    timeout)
    elseif status ~= OK then
        local rc = status == FAILED and result.rc or HOST_RC
        return nil, rc, result_text() or "no memory"
    end
    local id = result.runtime
    local entry = loaded[key]
    if not entry or entry.id ~= id then
        entry = { runtime = new_runtime(key, id, result.timeout_ms), id = id, library = library }
        loaded[key] = entry
    end
    return entry.runtime
end

local function option(opts, name)
    if opts[name] == nil then
        return settings[name]
    end
    return opts[name]
end

local function load_ffi(name, cfg, opts)
    local library, config, err = resolve(name, cfg)
    if not library then
        return nil, HOST_RC, err
    end
    local key = config and library .. "&" .. config or library
    local entry = loaded[key]
    if entry and entry.library == library and lib.resty_ffi_lua_is_ready(entry.id) == 1 then
        return entry.runtime
    end

    if ngx.get_phase and ngx.get_phase() == "exit_worker" then -- worker threads may lack it
        return nil, HOST_RC, NO_EXIT
    end
    opts = opts == nil and {} or opts
    err = complaints("opts", opts, OPTIONS)
    if err then
        return nil, HOST_RC, err
    end
    if not vm then
        local opened
        opened, err = open()
        if not opened then
            return nil, HOST_RC, err
        end
    end
    -- What stands at a breakpoint takes as long as it takes.
    local timeout = library == POLYGLOT and is_debugged() and 0 or option(opts, "timeout")
        or DEFAULT_TIMEOUT
    local options
    options, err = encode_options(opts, timeout)
    if not options then
        return nil, HOST_RC, err
    end

    local flags = (option(opts, "is_global") and GLOBAL or 0)
        + (option(opts, "unpin") and UNPIN or 0)
        + (can_yield() and CAN_YIELD or 0)
    local max_queue = option(opts, "max_queue") or DEFAULT_MAX_QUEUE
    local ref = lib.resty_ffi_lua_load(result, get_request(), vm, key, library, config, options,
                                       max_queue, timeout * 1000, flags)
    if ref ~= 0 then
        repeat
            local woken = co_yield()
            lib.resty_ffi_lua_load_take(result, ref, woken and 1 or 0)
        until result.status ~= AGAIN
    end
    return load_result(key, library, timeout)
end

-- ---- setup ---------------------------------------------------------------------------------

local function same(a, b)
    if type(a) ~= "table" or type(b) ~= "table" then
        return a == b
    end
    for k, v in pairs(a) do
        if not same(v, b[k]) then
            return false
        end
    end
    for k in pairs(b) do
        if a[k] == nil then
            return false
        end
    end
    return true
end

--- Before the first load: java_home, jvm_options (a list), path, and defaults of options.
function _M.setup(given)
    local known = {}
    for _, source in ipairs { OPTIONS, SETTINGS } do
        for name, check in pairs(source) do
            known[name] = check
        end
    end
    local err = complaints("setup", given, known)
    if err then
        error(err, 2)
    end
    for name, value in pairs(given) do
        if vm and not same(settings[name], value) then
            error(format("setup{%s}: it has to come before the first load", name), 2)
        end
        settings[name] = value
    end
end

ngx.load_ffi = load_ffi
_M.load_ffi = load_ffi

return _M
