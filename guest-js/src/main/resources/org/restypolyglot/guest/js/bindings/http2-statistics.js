/** The entries of type http2 that node:perf_hooks shows, where somebody observes them. */
'use strict';

const performance = require('bindings/performance');

const { NODE_PERFORMANCE_ENTRY_TYPE_HTTP2: HTTP2 } = performance.constants;

function notify(name, started, details) {
  if (performance.observerCounts[HTTP2] === 0) {
    return;
  }
  const duration = performance.now() - started;
  require('timers').api.setImmediate(() => {
    performance.observe(name, 'http2', started, duration, details);
  });
}

const since = (time, started) => (time === 0 ? 0 : time - started);

exports.streamEnded = (stream) => {
  const { started } = stream;
  notify('Http2Stream', started, {
    bytesRead: stream.bytesRead,
    bytesWritten: stream.bytesWritten,
    id: stream.id(),
    timeToFirstByte: since(stream.firstByte, started),
    timeToFirstByteSent: since(stream.firstByteSent, started),
    timeToFirstHeader: since(stream.firstHeader, started),
  });
};

exports.sessionEnded = (statistics) => {
  notify('Http2Session', statistics.started, {
    bytesWritten: statistics.sent,
    bytesRead: statistics.received,
    framesReceived: statistics.framesReceived,
    framesSent: statistics.framesSent,
    maxConcurrentStreams: statistics.most,
    pingRTT: statistics.rtt,
    streamAverageDuration: statistics.average,
    streamCount: statistics.streams,
    type: 'client',
  });
};
