-- The Lua half of fuzz_spec.c: resty_ffi.lua with a library that notes what it is given. Returns a
-- function that takes an input: library or spec, config, options of the load, method, request,
-- options of the call, with a byte 1 between them. Options are JSON, or else what the text is.
local lua_file = ...

local cjson = require "cjson.safe"
local real_ffi = require "ffi"

local find = string.find
local VERSION

local lib = {}
local number = 0

local function is_text(value)
    return type(value) == "string" and not find(value, "%z")
end

local function is_count(value, least)
    return type(value) == "number" and value >= least and value < 2147483648
        and value == math.floor(value)
end

function lib.resty_ffi_lua_layout()
    return VERSION .. " result=40 runtime=0/8 timeout_ms=8/8 text=16/8 len=24/8 status=32/4 rc=36/4"
end
function lib.resty_ffi_lua_open() return 1 end
function lib.resty_ffi_lua_close() end
function lib.resty_ffi_lua_setting(name, value)
    assert(is_text(name) and is_text(value))
    return 0
end
function lib.resty_ffi_lua_is_ready() return 0 end
function lib.resty_ffi_lua_log() end
function lib.resty_ffi_lua_release() end
function lib.resty_ffi_lua_unload() end

local given

-- What a load is given has to be sound, whatever was asked for.
function lib.resty_ffi_lua_load(result, _, vm, key, library, cfg, options, max_queue, timeout_ms,
                                flags)
    assert(vm == 1 and is_text(library) and library ~= "")
    assert(cfg == nil or is_text(cfg))
    assert(key == (cfg and library .. "&" .. cfg or library))
    assert(is_count(max_queue, 1) and is_count(flags, 0))
    assert(timeout_ms >= 0 and timeout_ms <= 2147483000)
    local decoded = assert(cjson.decode(options))
    assert(math.abs(decoded.timeout * 1000 - timeout_ms) <= 1e-9 * timeout_ms) -- 14 digits
    assert(type(decoded.prefix) == "string")
    if find(given, "^%a[%w_]*:") then
        assert(library == "ffi_polyglot" and cfg:sub(1, #given) == given)
    end
    number = number + 1
    result.status, result.runtime, result.timeout_ms = 0, number, timeout_ms
    return 0
end
function lib.resty_ffi_lua_load_take() error("nothing to take") end

function lib.resty_ffi_lua_call(result, _, vm, runtime, req, req_len, method, method_len,
                                timeout_ms)
    assert(vm == 1 and runtime == number)
    assert(req == nil and req_len == 0 or #req == req_len)
    assert(#method == method_len and timeout_ms >= 0 and timeout_ms <= 2147483000)
    result.status = 0
    return 1
end
function lib.resty_ffi_lua_take(result)
    result.status, result.text = 0, nil
end

package.loaded.ffi = setmetatable({ load = function() return lib end }, { __index = real_ffi })
package.loaded["resty.core.base"] = { get_request = function() end }
-- luacheck: push ignore 121 122 142
package.loadlib = function() return function() return true end end
coroutine._yield = function() return true end
ngx = {
    config = { prefix = function() return "/prefix/" end },
    get_phase = function() return "content" end,
}
-- luacheck: pop

local resty_ffi = assert(loadfile(lua_file))("resty_ffi")
VERSION = resty_ffi.version

local function options(text)
    if text == nil or text == "" then
        return nil
    end
    local decoded = cjson.decode(text)
    return decoded == nil and text or decoded
end

local function returns_well(ok, rc, err)
    return ok or ok == nil and type(rc) == "number" and type(err) == "string"
        or ok == false and (type(rc) == "string" or type(rc) == "number")
end

return function(input)
    local part = {}
    for piece in (input .. "\1"):gmatch("([^\1]*)\1") do
        part[#part + 1] = piece
    end
    given = part[1] or ""
    local rt, rc, err = ngx.load_ffi(given, part[2] ~= "" and part[2] or nil, options(part[3]))
    assert(returns_well(rt, rc, err))
    if rt then
        local method = part[4] or "m"
        if method ~= "__unload" then
            assert(returns_well(rt[method](rt, part[5], options(part[6]))))
        end
        assert(rt:__unload())
        assert(tostring(rt) == "runtime: " .. (tostring(rt):sub(10)))
    end
    local fine, why = pcall(resty_ffi.setup, options(part[3]))
    assert(fine or type(why) == "string")
end
