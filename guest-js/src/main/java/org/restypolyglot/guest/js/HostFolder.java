package org.restypolyglot.guest.js;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;

/**
 * A folder that is being read: the handle behind Node's {@code fs.Dir}.
 *
 * <p><b>Threads</b>: the guest thread; {@link #close()} any. <b>Owns</b>: the folder's descriptor,
 * until it or the context is closed. <b>Failure</b>: a negative errno is the result.
 */
public final class HostFolder implements AutoCloseable {
  private final FileOperations operations;
  private final OpenFile folder;

  /** What was read and not yet asked for; used by one operation at a time. */
  private final Deque<FolderEntry> ahead = new ArrayDeque<>();

  HostFolder(FileOperations operations, OpenFile folder) {
    this.operations = operations;
    this.folder = folder;
    operations.loop().own(this);
  }

  /** Gives the next names, at most {@code most} (see {@link FileNames}); 0 at the end. */
  @Export
  public Object read(double most, boolean asBytes, Value callback) {
    OpenFile acquired = folder.acquire() ? folder : null;
    return operations.perform(callback, acquired, call -> read(call, most, asBytes));
  }

  private synchronized Object read(FileCall call, double most, boolean asBytes) {
    List<FolderEntry> entries = new ArrayList<>();
    boolean isMore = true;
    while (ahead.isEmpty() && isMore) {
      isMore = FolderEntry.read(call.scratch(), folder.fd(), entries);
      ahead.addAll(entries);
      entries.clear();
    }
    while (!ahead.isEmpty() && entries.size() < most) {
      entries.add(ahead.remove());
    }
    return entries.isEmpty() ? 0 : FileNames.text(entries, asBytes);
  }

  /** Closes it for the guest. */
  @Export
  public Object close(Value callback) {
    operations.loop().release(this);
    return operations.perform(
        callback, call -> (int) ErrnoException.check(folder.close(call.scratch())));
  }

  @Override
  public void close() {
    folder.close(Scratch.ofThisThread());
  }
}
