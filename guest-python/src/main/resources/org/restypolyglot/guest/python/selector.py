"""Readiness of file descriptors, waited for by a thread beside the home thread."""

import os
import select
import selectors
import threading
import time

_LEAVE_SECONDS = 5.0
_PAUSE_SECONDS = 0.01


class WaitingSelector(selectors._BaseSelectorImpl):
    """A selector whose select() returns at once what its thread has seen.

    The thread and the home thread take turns: the thread waits in select.select() from rearm()
    until it has events; then it rests until the home thread has handled them and calls rearm()
    again. So while handlers of events run, changes cost nothing. A change meanwhile gets the thread
    out of select.select() through a pipe. GraalPy's select.select() fails when a descriptor is
    closed that it waits for, so unregister() waits until the thread is out.

    Fields below _changed are guarded by it, but for _fd_to_key, which is the home thread's; the
    selector's thread reads it while it holds the lock, the home thread writes it so.
    """

    def __init__(self, wait_beside, wake_loop):
        super().__init__()
        self._wait_beside = wait_beside
        self._wake_loop = wake_loop
        self._pipe = None
        self._changed = threading.Condition(threading.Lock())
        self._armed = False  # the thread may wait, with the descriptors as they are now
        self._waiting = False  # it is in select.select()
        self._interrupted = False  # a byte is in the pipe
        self._stale = False  # the home thread has to call rearm()
        self._seen = {}

    def register(self, fileobj, events, data=None):
        """Adds a descriptor; counts from rearm()."""
        with self._changed:
            key = super().register(fileobj, events, data)
            self._stale = True
        return key

    def modify(self, fileobj, events, data=None):
        """Changes what a descriptor is waited for; counts from rearm()."""
        with self._changed:
            # The inherited one would call our unregister().
            key = self._fd_to_key[self._fileobj_lookup(fileobj)]
            if events != key.events:
                self._stale = True
            key = key._replace(events=events, data=data)
            self._fd_to_key[key.fd] = key
        return key

    def unregister(self, fileobj):
        """Takes a descriptor away; it may be closed after that."""
        with self._changed:
            key = super().unregister(fileobj)
            self._stale = True
            self._interrupt()
            self._changed.wait_for(lambda: not self._waiting, _LEAVE_SECONDS)
            self._seen.pop(key.fd, None)
        return key

    def select(self, timeout=None):
        """What the thread has seen; never waits."""
        with self._changed:
            if not self._seen:
                return []
            seen, self._seen = self._seen, {}
            self._stale = True
            keys = [(self._fd_to_key.get(fd), events) for fd, events in seen.items()]
        return [(key, events & key.events) for key, events in keys if key and events & key.events]

    def rearm(self):
        """Lets the thread wait for what is registered now."""
        if not self._stale:
            return
        with self._changed:
            self._stale = False
            if self._seen:
                self._stale = True
                return
            if self._pipe is None:
                self._pipe = os.pipe()
                self._wait_beside(self._wait_once)
            self._armed = True
            self._interrupt()
            self._changed.notify_all()

    def rest(self):
        """Gets the thread out of its waiting; rearm() lets it go on."""
        with self._changed:
            self._stale = True
            self._armed = False
            self._interrupt()
            self._changed.wait_for(lambda: not self._waiting, _LEAVE_SECONDS)

    def _interrupt(self):
        """With the lock: gets the thread out of select.select()."""
        if self._waiting and not self._interrupted:
            os.write(self._pipe[1], b"x")
            self._interrupted = True

    def _left(self):
        """With the lock: the thread is out. A byte left in the pipe would end its next waiting."""
        self._waiting = False
        if self._interrupted:
            self._interrupted = False
            os.read(self._pipe[0], 1)
        self._changed.notify_all()

    def _wait_once(self, recover):
        """The selector's thread: waits once. What it raises the host logs, and recovers."""
        if recover:
            self._recover()
        with self._changed:
            while not (self._armed and self._fd_to_key):
                self._changed.wait()
            self._armed = False
            keys = self._fd_to_key.values()
            reads = [key.fd for key in keys if key.events & selectors.EVENT_READ]
            writes = [key.fd for key in keys if key.events & selectors.EVENT_WRITE]
            self._waiting = True
        try:
            readable, writable, _ = select.select(reads + [self._pipe[0]], writes, [])
        except Exception:  # one is closed: whoever uses it will find out
            time.sleep(_PAUSE_SECONDS)
            self._recover()
        else:
            with self._changed:
                self._note(readable, writable)

    def _note(self, readable, writable):
        """With the lock, after a wait: what the home thread is to handle before the next one."""
        self._left()
        for fd in readable:
            if fd != self._pipe[0]:
                self._seen[fd] = self._seen.get(fd, 0) | selectors.EVENT_READ
        for fd in writable:
            self._seen[fd] = self._seen.get(fd, 0) | selectors.EVENT_WRITE
        if self._seen:
            self._armed = False  # rearm() may have come meanwhile, when nothing was seen
            self._wake_loop()

    def _recover(self):
        """After the waiting has failed: each is asked alone; one that is closed counts as ready."""
        readable, writable = [], []
        with self._changed:
            for fd, key in self._fd_to_key.items():
                reads = [fd] if key.events & selectors.EVENT_READ else []
                writes = [fd] if key.events & selectors.EVENT_WRITE else []
                try:
                    reads, writes, _ = select.select(reads, writes, [], 0)
                except Exception:
                    pass
                readable += reads
                writable += writes
            self._note(readable, writable)
            self._stale = True  # whatever was seen, rearm() lets the thread wait again
            self._wake_loop()
