package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A shared library under another name, or bound to another library: what the loader of libraries
 * needs in order to load one twice. Does of it what the program patchelf would do, as a worker of
 * nginx cannot run one.
 *
 * <p><b>Threads</b>: confined to one. <b>Owns</b>: the bytes. <b>Failure</b>: {@link IOException}
 * for a file that is none, or of a kind that is not known here.
 */
final class ElfCopy {
  /*
   * The names are in a table that cannot grow where it is. So the file gets a longer one at its end,
   * and a program header that maps it: the header of the notes (a build's id, of no use to anybody
   * who runs the library) makes room for it. Headers of segments are in the order of their
   * addresses, so it comes after the last one of them, and those between move up.
   */
  private static final int IDENT = 0x464C457F;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int HEADER_SIZE = 64;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_NOTE = 4;
  private static final int PT_GNU_PROPERTY = 0x6474E553;
  private static final int PF_R = 4;

  private static final long DT_NULL = 0;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;
  private static final long DT_STRSZ = 10;
  private static final long DT_SONAME = 14;

  private record Segment(
      int type, int flags, long offset, long address, long inFile, long inMemory, long align) {
    static final int SIZE = 56;

    static Segment read(ByteBuffer elf, int at) {
      return new Segment(
          elf.getInt(at),
          elf.getInt(at + 4),
          elf.getLong(at + 8),
          elf.getLong(at + 16),
          elf.getLong(at + 32),
          elf.getLong(at + 40),
          elf.getLong(at + 48));
    }

    void write(ByteBuffer elf, int at) {
      elf.putInt(at, type).putInt(at + 4, flags).putLong(at + 8, offset).putLong(at + 16, address);
      elf.putLong(at + 24, address).putLong(at + 32, inFile).putLong(at + 40, inMemory);
      elf.putLong(at + 48, align);
    }
  }

  private final ByteBuffer elf;
  private final int headers;
  private final List<Segment> segments = new ArrayList<>();
  private final int dynamic;
  private final int dynamicEnd;

  private ElfCopy(byte[] library) throws IOException {
    elf = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    if (library.length < HEADER_SIZE
        || elf.getInt(0) != IDENT
        || elf.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
      throw new IOException("not a shared library for 64 bits, little-endian");
    }
    headers = (int) elf.getLong(32);
    for (int i = 0; i < elf.getShort(56); i++) {
      segments.add(Segment.read(elf, headers + i * Segment.SIZE));
    }
    Segment table = segments.get(indexOf(PT_DYNAMIC, PT_DYNAMIC));
    dynamic = (int) table.offset();
    dynamicEnd = dynamic + (int) table.inFile();
  }

  /** The library with another name: the one that {@link #bound} asks for. */
  static byte[] renamed(byte[] library, String name) throws IOException {
    return new ElfCopy(library).with(name, DT_SONAME);
  }

  /** The library, nameless, with a need of another one. */
  static byte[] bound(byte[] library, String needed) throws IOException {
    return new ElfCopy(library).with(needed, DT_NEEDED);
  }

  private byte[] with(String name, long tag) throws IOException {
    int oldNames = fileOffset(elf.getLong(entry(DT_STRTAB) + 8));
    int size = (int) elf.getLong(entry(DT_STRSZ) + 8);
    byte[] text = (name + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Segment names = segmentAtTheEnd(size + text.length);

    ByteBuffer copy = ByteBuffer.allocate((int) (names.offset() + names.inFile()));
    copy.order(ByteOrder.LITTLE_ENDIAN).put(elf.array());
    copy.put((int) names.offset(), elf.array(), oldNames, size);
    copy.put((int) names.offset() + size, text);
    writeSegments(copy, names);
    copy.putLong(entry(DT_STRTAB) + 8, names.address());
    copy.putLong(entry(DT_STRSZ) + 8, names.inFile());
    int at = entryForName();
    copy.putLong(at, tag).putLong(at + 8, size);
    return copy.array();
  }

  /** The one that holds the old name; else one of those that linkers leave free at the end. */
  private int entryForName() throws IOException {
    for (int at = dynamic; at < dynamicEnd; at += 16) {
      long tag = elf.getLong(at);
      if (tag == DT_SONAME) {
        return at;
      }
      if (tag == DT_NULL) {
        if (at + 32 <= dynamicEnd) {
          return at;
        }
        break;
      }
    }
    throw new IOException("no room for a name in its dynamic section");
  }

  private int entry(long tag) throws IOException {
    for (int at = dynamic; at < dynamicEnd; at += 16) {
      if (elf.getLong(at) == tag) {
        return at;
      }
    }
    throw new IOException("its dynamic section has no entry " + tag);
  }

  private int fileOffset(long address) throws IOException {
    for (Segment segment : segments) {
      if (segment.type() == PT_LOAD
          && address >= segment.address()
          && address < segment.address() + segment.inFile()) {
        return (int) (address - segment.address() + segment.offset());
      }
    }
    throw new IOException("no segment holds the address " + address);
  }

  private Segment segmentAtTheEnd(int size) {
    long align = 1;
    long end = 0;
    for (Segment segment : segments) {
      if (segment.type() == PT_LOAD) {
        align = Math.max(align, segment.align());
        end = Math.max(end, segment.address() + segment.inMemory());
      }
    }
    long offset = Math.ceilDiv(elf.capacity(), align) * align;
    return new Segment(PT_LOAD, PF_R, offset, Math.ceilDiv(end, align) * align, size, size, align);
  }

  private void writeSegments(ByteBuffer copy, Segment names) throws IOException {
    List<Segment> order = new ArrayList<>(segments);
    order.remove(indexOf(PT_NOTE, PT_GNU_PROPERTY));
    int last = 0;
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).type() == PT_LOAD) {
        last = i;
      }
    }
    order.add(last + 1, names);
    for (int i = 0; i < order.size(); i++) {
      order.get(i).write(copy, headers + i * Segment.SIZE);
    }
  }

  private int indexOf(int type, int otherwise) throws IOException {
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).type() == type || segments.get(i).type() == otherwise) {
        return i;
      }
    }
    throw new IOException("no program header of type %#x".formatted(type));
  }
}
