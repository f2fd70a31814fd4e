-- What is measured, and the ways to call it.
local _M = {}

local now, update_time = ngx.now, ngx.update_time
local root = debug.getinfo(1, "S").source:match("^@(.*)/bench/calls%.lua$")

local plain = { echo = function(_, req) return true, req end }
-- Interpreted: LuaJIT would see that a loop of such calls does nothing, and leave them out.
jit.off(plain.echo)

local specs = {
    c = root .. "/examples/c/libffi_c_echo.so",
    js = "js:demo/echo,init",
    python = "py:demo.echo,init",
    plain = "py:plain,init",
}
local documents = { js = "js:document,init", python = "py:document,init" }

local function open(target, config)
    if target == "lua" then
        return plain
    end
    local spec = specs[target] .. (config and "," .. config or "")
    local rt, _, err
    repeat -- a load that outlasts its time-out goes on
        rt, _, err = ngx.load_ffi(spec)
    until rt or not tostring(err):find("^timeout")
    return rt or error(err)
end

local function check(ok, res, req)
    if not ok or res ~= req then
        error("not an echo: " .. tostring(res))
    end
end

-- ?target=js, and &config=1 for one more runtime of the same module
function _M.load()
    local args = ngx.req.get_uri_args()
    local ok, res = open(args.target, args.config):echo("x")
    check(ok, res, "x")
end

-- ?target=js&bytes=512&seconds=1
function _M.loop()
    local args = ngx.req.get_uri_args()
    local rt = open(args.target)
    local req = string.rep("x", tonumber(args.bytes))
    local seconds = tonumber(args.seconds)
    local calls = 0

    update_time()
    local start = now()
    repeat
        for _ = 1, 100 do
            local ok, res = rt:echo(req)
            check(ok, res, req)
        end
        calls = calls + 100
        update_time()
    until now() - start >= seconds
    ngx.say(calls, " ", now() - start)
end

-- ?target=js&bytes=512
local reqs = {}
function _M.call()
    local args = ngx.req.get_uri_args()
    local bytes = args.bytes
    local req = reqs[bytes] or string.rep("x", tonumber(bytes))
    reqs[bytes] = req
    local ok, res = open(args.target):echo(req)
    check(ok, res, req)
    ngx.print(res)
end

-- ?lang=js: one call of a module that changes meanwhile (bench/reload).
function _M.hot()
    local rt, _, err
    repeat
        rt, _, err = ngx.load_ffi(ngx.var.arg_lang .. ":changing?,init")
    until rt or not tostring(err):find("^timeout")
    local ok, res
    if rt then
        ok, res, err = rt:get()
    end
    if not ok then
        ngx.status = 500
    end
    ngx.print(ok and res or err or res)
end

-- ?target=js&times=1000: microseconds (bench/json).
function _M.document()
    local args = ngx.req.get_uri_args()
    local options = { load_timeout = 120, timeout = 300 }
    local rt, _, err = ngx.load_ffi(documents[args.target], nil, options)
    local ok, res
    if rt then
        ok, res, err = rt:measure(args.times)
    end
    if not ok then
        error(err or res)
    end
    ngx.print(res)
end

return _M
