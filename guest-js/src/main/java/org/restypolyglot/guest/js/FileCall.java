package org.restypolyglot.guest.js;

/**
 * One run of a file operation: where it may be, and what it may use there.
 *
 * <p><b>Threads</b>: the one that runs the operation. <b>Borrows</b>: the scratch of that thread,
 * and the context's waits.
 *
 * @param scratch memory for system calls
 * @param mayWait whether it may wait for another process; else it throws {@link WouldWait} first
 * @param onGuestThread whether the guest waits for it
 * @param waits where it is told to end its waiting
 */
record FileCall(Scratch scratch, boolean mayWait, boolean onGuestThread, FileWaits waits) {

  /** An operation on files; what it gives goes to JavaScript as it is. */
  @FunctionalInterface
  interface Operation {
    /**
     * @return a number (negative: an errno), a text, or a ByteBuffer
     * @throws ErrnoException as a negative number
     * @throws WouldWait before it has done anything, to be run again where it may wait
     */
    Object run(FileCall call);
  }

  /** The operation belongs onto a thread that may wait. */
  static final class WouldWait extends RuntimeException {
    private static final long serialVersionUID = 1;

    private WouldWait() {
      super("would wait", null, false, false);
    }
  }

  /** Says that the operation is going to wait for another process. */
  void beforeWaiting() {
    if (!mayWait) {
      throw new WouldWait();
    }
  }
}
