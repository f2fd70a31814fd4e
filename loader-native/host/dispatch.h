/* What nginx's thread does with the messages. */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>

/* nginx's thread, from the event loop. */
void dispatch_messages(void);
/* nginx's thread, when nginx ends: `print` false where its log is gone. */
void dispatch_messages_at_end(bool print);

#endif
