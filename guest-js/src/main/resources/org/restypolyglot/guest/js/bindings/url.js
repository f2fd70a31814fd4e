/** URLs as Node's C++ parses them: the serialized form, and where its parts begin. */
'use strict';

const { text } = host;
const machine = require('packages/whatwg-url');

const OMITTED = 2 ** 32 - 1;
const SCHEMES = { http: 0, https: 2, ws: 3, ftp: 4, wss: 5, file: 6 };
const NOT_SPECIAL = 1;
const HREF = 9;

/** The parser in the state in which a part of a URL begins. */
const partOf = (url, text, state) => machine.basicURLParse(text, { url, stateOverride: state });
const withoutFirst = (text, char) => (text.startsWith(char) ? text.slice(1) : text);

/** What sets a part of a parsed URL, by the number that the library has for it. */
const SETTERS = [
  (url, text) => partOf(url, `${text}:`, 'scheme start'),
  (url, text) => machine.hasAnOpaquePath(url) || partOf(url, text, 'host'),
  (url, text) => machine.hasAnOpaquePath(url) || partOf(url, text, 'hostname'),
  (url, text) => {
    if (machine.cannotHaveAUsernamePasswordPort(url)) {
      return;
    }
    if (text === '') {
      url.port = null;
    } else {
      partOf(url, text, 'port');
    }
  },
  (url, text) => machine.cannotHaveAUsernamePasswordPort(url) || machine.setTheUsername(url, text),
  (url, text) => machine.cannotHaveAUsernamePasswordPort(url) || machine.setThePassword(url, text),
  (url, text) => {
    if (!machine.hasAnOpaquePath(url)) {
      url.path = [];
      partOf(url, text, 'path start');
    }
  },
  (url, text) => {
    url.query = text === '' ? null : '';
    if (text !== '') {
      partOf(url, withoutFirst(text, '?'), 'query');
    }
  },
  (url, text) => {
    url.fragment = text === '' ? null : '';
    if (text !== '') {
      partOf(url, withoutFirst(text, '#'), 'fragment');
    }
  },
];

/** Where `parse` and `update` leave the places of the parts. */
const urlComponents = new Float64Array(9);

/** The href of a parsed URL; its components go to `urlComponents`. */
function publish(url) {
  const protocolEnd = url.scheme.length + 1;
  const hasHost = url.host !== null;
  const hasCredentials = url.username !== '' || url.password !== '';
  let at = protocolEnd + (hasHost ? 2 : 0);
  const usernameEnd = hasHost ? at + url.username.length : at;
  let hostStart = usernameEnd;
  if (hasHost && url.password !== '') {
    hostStart += 1 + url.password.length;
  }
  const hostname = hasHost ? machine.serializeHost(url.host) : '';
  const hostEnd = hostStart + (hasCredentials && hasHost ? 1 : 0) + hostname.length;
  at = hostEnd + (url.port === null ? 0 : 1 + String(url.port).length);
  const path = machine.serializePath(url);
  if (!hasHost && !machine.hasAnOpaquePath(url) && url.path.length > 1 && url.path[0] === '') {
    at += 2; // "/." keeps a path that begins with "//" from being an authority
  }
  const pathnameStart = at;
  at += path.length;
  const searchStart = url.query === null ? OMITTED : at;
  at += url.query === null ? 0 : 1 + url.query.length;
  const hashStart = url.fragment === null ? OMITTED : at;
  urlComponents.set([
    protocolEnd,
    usernameEnd,
    hostStart,
    hostEnd,
    url.port ?? OMITTED,
    pathnameStart,
    searchStart,
    hashStart,
    SCHEMES[url.scheme] ?? NOT_SPECIAL,
  ]);
  return machine.serializeURL(url);
}

/** The record of `input`, null where it is no URL. */
function parseRecord(input, base) {
  let baseUrl;
  if (base !== undefined) {
    baseUrl = machine.basicURLParse(base.toWellFormed());
    if (baseUrl === null) {
      return null;
    }
  }
  return machine.basicURLParse(input.toWellFormed(), { baseURL: baseUrl });
}

function parse(input, base, raise) {
  const url = parseRecord(input, base);
  if (url !== null) {
    return publish(url);
  }
  if (raise) {
    const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input });
    throw base === undefined ? error : Object.assign(error, { base });
  }
  return undefined;
}

/** The href with one part set; false where the value is not allowed. */
function update(href, action, value) {
  if (action === HREF) {
    return parse(value, undefined, false) ?? false;
  }
  const url = machine.basicURLParse(href);
  SETTERS[action](url, value.toWellFormed());
  return publish(url);
}

function format(href, withHash, unicode, withSearch, withAuth) {
  const url = machine.basicURLParse(href);
  if (!withHash) {
    url.fragment = null;
  }
  if (unicode && typeof url.host === 'string') {
    url.host = text.domainToUnicode(url.host);
  }
  if (!withSearch) {
    url.query = null;
  }
  if (!withAuth) {
    url.username = '';
    url.password = '';
  }
  return machine.serializeURL(url);
}

/** The host of a URL of this name, or nothing. */
function hostOf(domain) {
  const url = machine.basicURLParse('ws://x');
  url.host = null; // what stays where the domain is no host
  const result = machine.basicURLParse(domain.toWellFormed(), { url, stateOverride: 'hostname' });
  return result === 'failure' || url.host === null ? '' : machine.serializeHost(url.host);
}

Object.assign(exports, {
  urlComponents,
  parse,
  update,
  format,
  canParse: (input, base) => parseRecord(input, base) !== null,
  getOrigin(input) {
    return machine.serializeURLOrigin(parseRecord(input));
  },
  domainToASCII: (domain) =>
    text.domainToAscii(domain.toWellFormed()) === null ? '' : hostOf(domain),
  domainToUnicode: (domain) => text.domainToUnicode(hostOf(domain)),

  /** The file: URL of an absolute path. */
  pathToFileURL(path, windows, server = '') {
    const escaped = path
      .replaceAll('%', '%25')
      .replaceAll('\\', windows ? '\\' : '%5C')
      .replaceAll('\n', '%0A')
      .replaceAll('\r', '%0D')
      .replaceAll('\t', '%09')
      .replaceAll('?', '%3F')
      .replaceAll('#', '%23')
      .replace(/[[\]^|~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    // As in Node, what cannot be a server's name ("\\\\?\\C:\\…") is left out.
    const isName = !/[?#/\\@:]/.test(server);
    return (
      (isName && parse(`file://${server}${escaped}`, undefined, false)) ||
      parse(`file://${escaped}`, undefined, true)
    );
  },
});
