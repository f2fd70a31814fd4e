-- Helpers for the Lua code of the tests.
local _M = {}

function _M.pack(...)
    return {n = select("#", ...), ...}
end

local function show_one(value)
    if type(value) == "string" then
        return "'" .. value:gsub("[%c\128-\255]", function(c)
            return ("\\x%02x"):format(c:byte())
        end) .. "'"
    elseif type(value) == "table" and getmetatable(value) == nil then
        return "{" .. _M.show(unpack(value, 1, value.n or #value)) .. "}"
    end
    return type(value) == "table" and "<table>" or tostring(value)
end

-- Values as text, for example: false, 1, 'message'
function _M.show(...)
    local out = {}
    for i = 1, select("#", ...) do
        out[i] = show_one((select(i, ...)))
    end
    return table.concat(out, ", ")
end

-- load_ffi, or an error with what it returned. A load that outlasts its time-out on a busy machine
-- goes on: it is waited for.
function _M.load(...)
    local results
    repeat
        results = _M.pack(ngx.load_ffi(...))
    until results[1] or not tostring(results[3]):find("^timeout")
    if not results[1] then
        error("load_ffi failed: " .. _M.show(unpack(results, 1, results.n)), 2)
    end
    return results[1]
end

-- Runs fn(1) ... fn(n) in light threads at the same time; returns a list of packed results.
function _M.parallel(n, fn)
    local threads, results = {}, {}
    for i = 1, n do
        threads[i] = assert(ngx.thread.spawn(function() return _M.pack(fn(i)) end))
    end
    for i = 1, n do
        local ok, result = ngx.thread.wait(threads[i])
        results[i] = ok and result or {n = 1, "thread failed: " .. tostring(result)}
    end
    return results
end

-- Whether each of fn(1) ... fn(n), run at the same time, gave true and expect(i).
function _M.all(n, fn, expect)
    for i, result in ipairs(_M.parallel(n, fn)) do
        if result[1] ~= true or result[2] ~= expect(i) then
            return ("call %d of %d: %s"):format(i, n, _M.show(unpack(result, 1, result.n)))
        end
    end
    return "all as expected"
end

return _M
