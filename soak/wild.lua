-- One operation a request: does it, and prints what came out as one word, or "unexpected: ...".
local _M = {}

local fmt, rep = string.format, string.rep

local function load(lang, opts, config)
    opts = opts or {}
    opts.timeout = 300 -- a load is slow where everything else is busy
    local rt, _, err = ngx.load_ffi(fmt("%s:wild,init,%s", lang, config or "shared"), nil, opts)
    return rt or error(err, 0)
end

local function show(ok, rc, err)
    return fmt("unexpected: %s, %s, %s", tostring(ok), tostring(rc), tostring(err))
end

-- The word for a result that should be `expected`.
local function echoed(expected, ok, res, err)
    return ok and res == expected and "ok" or show(ok, res, err)
end

local function failed(text, word, ok, rc, err)
    if not ok and (rc == text or rc == 1 and err == text) then
        return word
    end
    return show(ok, rc, err)
end

local function timed_out(...)
    return failed("timeout", "timeout", ...)
end

local ops = {}

function ops.echo(lang)
    local req = "echo " .. ngx.var.connection
    return echoed(req, load(lang):echo(req))
end

function ops.large(lang)
    local req = rep("0123456789", 100000)
    return echoed(req, load(lang):echo(req))
end

function ops.later(lang)
    return echoed("later", load(lang):later("later"))
end

function ops.garbage(lang)
    return echoed("20000", load(lang):garbage())
end

function ops.boom(lang)
    return failed("boom", "guest error", load(lang):boom())
end

function ops.boom_later(lang)
    return failed("boom", "guest error", load(lang):boom_later())
end

function ops.timeout(lang)
    return timed_out(load(lang):wait("3000", {timeout = 0.05}))
end

function ops.never(lang)
    return timed_out(load(lang, nil, "stuck"):never(nil, {timeout = 0.1}))
end

-- In a runtime of its own, as its other callers have to wait for it.
function ops.spin(lang)
    return timed_out(load(lang, nil, "stuck"):spin(nil, {timeout = 0.2}))
end

function ops.spin_later(lang)
    return timed_out(load(lang, nil, "stuck"):spin_later(nil, {timeout = 0.2}))
end

function ops.killed()
    local rt = load("js")
    local thread = ngx.thread.spawn(function() return rt:wait("1000") end)
    ngx.sleep(0.005)
    ngx.thread.kill(thread)
    return "killed"
end

function ops.full(lang)
    local rt = load(lang, {max_queue = 5}, "full")
    local threads, full = {}, 0
    for i = 1, 12 do
        threads[i] = ngx.thread.spawn(function() return rt:wait("20") end)
    end
    for i = 1, 12 do
        local _, ok, res, err = ngx.thread.wait(threads[i])
        if not ok and res == "post failed, queue full" then
            full = full + 1
        elseif not ok or res ~= "20" then
            return show(ok, res, err)
        end
    end
    return full > 0 and "queue full" or "unexpected: never full"
end

function ops.unload(lang)
    local config = "n" .. ngx.var.connection .. "." .. ngx.var.connection_requests
    local rt = load(lang, nil, config)
    local word = echoed(config, rt:config())
    rt:__unload()
    local ok, err = rt:config()
    if ok or err ~= "task queue is finished" then
        return show(ok, err)
    end
    return word == "ok" and "unloaded" or word
end

function ops.missing(lang)
    local rt, rc, err = ngx.load_ffi(lang .. ":missing,init")
    local named = not rt and rc == 1 and err:find("missing", 1, true)
    return named and "load failed" or show(rt, rc, err)
end

function ops.abandoned(lang) -- the client does not wait for the reply
    load(lang):wait("200")
    return "abandoned"
end

function _M.run()
    local args = ngx.req.get_uri_args()
    local ok, word = pcall(ops[args.op], args.lang)
    ngx.print(ok and word or "unexpected: " .. tostring(word))
end

local CHANGING = {
    js = "exports.init = () => () => '%d';",
    py = "def init(cfg): return lambda req, task: '%d'",
}

-- Saves the module whose handler answers `number`.
local function save(lang, number)
    local path = ngx.config.prefix() .. "changing." .. lang
    local file = assert(io.open(path .. "~", "w"))
    file:write(fmt(CHANGING[lang], number))
    file:close()
    assert(os.rename(path .. "~", path))
end

-- Calls until the answer is `number`.
local function await(rt, number)
    local ok, res
    for _ = 1, 12000 do
        ok, res = rt:number()
        if not ok or res == tostring(number) then
            break
        end
        ngx.sleep(0.005)
    end
    return ok and res == tostring(number), show(ok, res)
end

-- ?lang=js&how=load&first=0&count=100: loads, calls and unloads a module that is another one each
-- time; how=reload: saves it, and calls until it is the new one.
function _M.cycles()
    local args = ngx.req.get_uri_args()
    for i = tonumber(args.first), args.first + args.count - 1 do
        save(args.lang, i)
        local rt, _, err = ngx.load_ffi(args.lang .. ":changing?,init", nil, {timeout = 300})
        if not rt then
            return ngx.print(err)
        end
        local ok
        ok, err = await(rt, i)
        if not ok then
            return ngx.print(err)
        end
        if args.how == "load" then
            rt:__unload()
        end
    end
    ngx.print("ok")
end

function _M.steady()
    local ok, res = load("js", nil, "steady"):echo("steady")
    if not ok or res ~= "steady" then
        ngx.status = 500
        ngx.log(ngx.ERR, "steady: ", res)
    end
    ngx.print(res)
end

-- More callers than the runtime can serve: one call in 5 ms, the next waits. Those that the full
-- queue refuses come back a little later.
function _M.slow()
    local req = "slow " .. ngx.var.connection
    local ok, res, err = load(ngx.var.arg_lang, {max_queue = 50}, "slow"):slow(req)
    if not ok and res == "post failed, queue full" then
        ngx.sleep(0.1)
    elseif not ok or res ~= req then
        ngx.status = 500
        ngx.log(ngx.ERR, show(ok, res, err))
    end
    ngx.print(ok and "ok" or "queue full")
end

return _M
