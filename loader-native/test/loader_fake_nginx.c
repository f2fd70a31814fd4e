/* The two symbols of nginx that tell the loader which process it is in. */
#include <stdint.h>

uintptr_t ngx_process = 0;
void *ngx_event_actions[10] = {0};
