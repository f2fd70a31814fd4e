/*
 * The watch thread: what must happen after a while though nobody calls.
 *
 * It ticks while calls, loads or messages are outstanding and for a second after that, so that a
 * busy worker does not pay for starting it; then it sleeps without a time-out until it is armed.
 * A tick wakes nginx again for a message that waits too long, so that no lost wake-up can hang a
 * worker, and asks nginx's thread to look for calls whose caller died.
 */
#ifndef WATCH_H
#define WATCH_H

/* nginx's thread, once. 0, or an errno. */
int watch_start(void);

/* Any thread. Something is outstanding; call it after that can be seen by the watch thread. */
void watch_arm(void);

/* nginx's thread, when it has taken MESSAGE_REAP. */
void watch_reaped(void);

#endif
