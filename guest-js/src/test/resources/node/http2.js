// Without a connection: settings, constants, what http2.connect does not take.
const http2 = require('node:http2');

const show = (...values) => console.log(...values);
const thrown = (code) => {
  try {
    return code();
  } catch (error) {
    return `${error.name} ${error.code}: ${error.message}`;
  }
};

show(Object.keys(http2));
show(Object.entries(http2.constants).length, Object.entries(http2.constants).slice(0, 30));
show(http2.constants.NGHTTP2_HCAT_RESPONSE, http2.constants.HTTP2_HEADER_CONTENT_TYPE);
show(http2.constants.HTTP_STATUS_MISDIRECTED_REQUEST, http2.constants.HTTP2_METHOD_GET);
show(http2.getDefaultSettings());
show(typeof http2.sensitiveHeaders);

const settings = [
  {},
  { headerTableSize: 100, maxConcurrentStreams: 3, enablePush: false },
  { initialWindowSize: 2 ** 31 - 1, maxFrameSize: 2 ** 24 - 1, maxHeaderListSize: 2 ** 32 - 1 },
  { enableConnectProtocol: true, customSettings: { 1244: 456, 40000: 1 } },
  { headerTableSize: -1 },
  { maxFrameSize: 100 },
  { enablePush: 1 },
  { initialWindowSize: 2 ** 31 },
  { customSettings: { 70000: 1 } },
  null,
  'text',
];
for (const each of settings) {
  show(thrown(() => http2.getPackedSettings(each).toString('hex')));
}
for (const bytes of ['', '000300000064', '00050000400000040000ffff', '04dc000001c8', '0003', '000500000001']) {
  show(thrown(() => http2.getUnpackedSettings(Buffer.from(bytes, 'hex'))));
}
show(thrown(() => http2.getUnpackedSettings(Buffer.from('000500000001', 'hex'), { validate: true })));
show(thrown(() => http2.getUnpackedSettings({})));
for (const args of [['gopher://localhost'], ['nonsense'], [1], ['http://localhost', 1], [{}, null]]) {
  show(thrown(() => http2.connect(...args)));
}
for (const options of [{ maxOriginSetSize: 'x' }, { remoteCustomSettings: 1 }]) {
  show(thrown(() => http2.connect('http://localhost', options)));
}
show(typeof http2.Http2ServerRequest, typeof http2.Http2ServerResponse, http2.connect.length);
// Several settings at once are packed in the order of their numbers.
show(http2.getPackedSettings(http2.getDefaultSettings()).toString('hex'));
show(http2.getPackedSettings({ customSettings: { 9999: 301 }, enableConnectProtocol: true, maxHeaderListSize: 5,
  maxConcurrentStreams: 7 }).toString('hex'));
