-- Loads and calls from wherever it is used, and keeps what came of it until the test reads it.
local t = require "t"

local _M = {}

-- The outcome as text: "true, 'the reply'", or "false, 'why not'", or "nil, rc, 'why not'".
function _M.try(spec, req)
    require "resty_ffi"
    local results = t.pack(ngx.load_ffi(spec))
    local rt = results[1]
    if rt then
        results = t.pack(pcall(rt.later, rt, req))
        return t.show(unpack(results, 2, results.n))
    end
    return t.show(unpack(results, 1, results.n))
end

function _M.keep(key, spec)
    ngx.shared.test:set(key, _M.try(spec, key))
end

return _M
