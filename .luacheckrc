std = "ngx_lua"
max_line_length = 100
-- resty_ffi.lua adds load_ffi to ngx.
globals = { "ngx.load_ffi" }
exclude_files = { "build", "dist", "**/target" }
