/*
 * A host that has lua-resty-ffi's three functions and nothing else, for tests in C. Linked into the
 * program with -rdynamic, so that libraries of the process find them.
 */
#ifndef STUB_HOST_H
#define STUB_HOST_H

#include <stddef.h>

typedef struct stub_queue stub_queue_t;

/* Lives until the process ends, as a guest may poll it till then. */
stub_queue_t *stub_queue_new(void);

typedef struct {
    int rc;
    char *bytes; /* NULL: nil; to be freed */
    size_t len;
} stub_reply_t;

/* Posts a request (NULL: nil) and waits for its reply. Any thread. */
stub_reply_t stub_call(stub_queue_t *queue, const char *req, size_t len);

/* From here on each poll returns NULL, once the queue is empty. Any thread. */
void stub_unload(stub_queue_t *queue);

#endif
