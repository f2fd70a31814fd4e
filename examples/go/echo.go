// An echo in Go for the host's ABI: go build -buildmode=c-shared.
//
// It is the shape of every library for lua-resty-ffi in Go: libffi_init starts a goroutine, which
// takes tasks until the runtime is unloaded.
package main

/*
#cgo LDFLAGS: -shared
#include <stdlib.h>

extern void *ngx_http_lua_ffi_task_poll(void *tq);
extern char *ngx_http_lua_ffi_get_req(void *task, int *len);
extern void ngx_http_lua_ffi_respond(void *task, int rc, char *rsp, int len);
*/
import "C"

import (
	"log"
	"unsafe"
)

//export libffi_init
func libffi_init(cfg *C.char, tq unsafe.Pointer) C.int {
	log.Println("echo: started with config:", C.GoString(cfg))
	go serve(tq)
	return 0
}

func serve(tq unsafe.Pointer) {
	for {
		task := C.ngx_http_lua_ffi_task_poll(tq)
		if task == nil {
			log.Println("echo: unloaded")
			return
		}
		var length C.int
		req := C.ngx_http_lua_ffi_get_req(task, &length)
		if req == nil {
			C.ngx_http_lua_ffi_respond(task, 0, nil, 0)
			continue
		}
		// From C's malloc, NUL-terminated; it belongs to the host once it is handed over.
		reply := C.CString(C.GoStringN(req, length))
		C.ngx_http_lua_ffi_respond(task, 0, reply, length)
	}
}

func main() {} // c-shared wants one
