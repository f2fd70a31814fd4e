-- Runs the request's body as Lua and answers with what it returns.
require "resty_ffi"
local t = require "t"

ngx.req.read_body()
local chunk, err = loadstring(ngx.req.get_body_data(), "=test")
if chunk then
    setfenv(chunk, setmetatable({t = t, load = t.load}, {__index = _G}))
    local results = t.pack(xpcall(chunk, debug.traceback))
    if results[1] then
        return ngx.print(t.show(unpack(results, 2, results.n)))
    end
    err = results[2]
end
ngx.status = 500
ngx.print(tostring(err))
