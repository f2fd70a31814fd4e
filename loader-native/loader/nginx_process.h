/* Which of nginx's processes this is: a JVM does not survive a fork, so the master gets none. */
#ifndef LOADER_NGINX_PROCESS_H
#define LOADER_NGINX_PROCESS_H

#include <stdbool.h>

#include "text.h"

/* False, with the reason in `error`: nginx forks its workers from this process. */
bool nginx_process_may_load(text_t *error);

#endif
