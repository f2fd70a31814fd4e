package org.restypolyglot.guest.js;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * HPACK with what Netty's leaves out: which headers are never to be indexed, both ways, and a limit
 * for the table with which headers are compressed.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: Netty's, for a block that is no HPACK.
 */
final class Http2HeaderCoding {
  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString COOKIE = AsciiString.cached("cookie");

  /** Cookies shorter than this can be guessed; nghttp2 keeps them out of the table. */
  private static final int SHORT_COOKIE = 20;

  private Http2HeaderCoding() {}

  /** Sends headers. */
  @SuppressWarnings("CollectionUndefinedEquality") // the set is one of identities
  static final class Encoder extends DefaultHttp2HeadersEncoder {
    private final Set<CharSequence> sensitive;
    private final long largestTable;

    private Encoder(Set<CharSequence> sensitive, long largestTable) {
      super((name, value) -> isSensitive(sensitive, name, value), true);
      this.sensitive = sensitive;
      this.largestTable = largestTable;
    }

    /** An encoder whose table does not become larger than so many bytes. */
    static Encoder withTable(long largest) throws Http2Exception {
      Encoder encoder = new Encoder(Collections.newSetFromMap(new IdentityHashMap<>()), largest);
      if (largest < encoder.maxHeaderTableSize()) {
        encoder.maxHeaderTableSize(largest);
      }
      return encoder;
    }

    private static boolean isSensitive(
        Set<CharSequence> sensitive, CharSequence name, CharSequence value) {
      return sensitive.contains(value)
          || AUTHORIZATION.contentEquals(name)
          || (value.length() < SHORT_COOKIE && COOKIE.contentEquals(name));
    }

    /** These values are never indexed, until their block has been sent. */
    void markSensitive(Set<CharSequence> values) {
      sensitive.addAll(values);
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer)
        throws Http2Exception {
      super.encodeHeaders(streamId, headers, buffer);
      if (!sensitive.isEmpty()) {
        headers.forEach(header -> sensitive.remove(header.getValue()));
      }
    }

    @Override
    public void maxHeaderTableSize(long max) throws Http2Exception {
      super.maxHeaderTableSize(Math.min(max, largestTable));
    }
  }

  /** Receives headers. */
  static final class Decoder extends DefaultHttp2HeadersDecoder {
    private Set<Integer> neverIndexed = Set.of();

    Decoder(long largestList) {
      super(true, largestList);
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
      neverIndexed = HpackRepresentations.neverIndexed(block);
      return super.decodeHeaders(streamId, block);
    }

    /** The places of those headers of the last block that are never to be indexed. */
    Set<Integer> neverIndexed() {
      return neverIndexed;
    }
  }
}
