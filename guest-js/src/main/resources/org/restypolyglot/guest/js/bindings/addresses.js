/** IP addresses as bytes: text to 4 or 16 of them, and back. */
'use strict';

function parseV4(text) {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  if (parts === undefined || parts.some((part) => part > 255 || /^0\d/.test(part))) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

/** "a:b" as numbers; undefined for what is none. */
function groups(text) {
  const parts = text === '' ? [] : text.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => parseInt(part, 16))
    : undefined;
}

function parseV6(text) {
  // An IPv4 address at the end stands for two groups.
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (v4 !== null) {
    const last = parseV4(v4[2]);
    if (last === undefined) {
      return undefined;
    }
    const hex = (i) => ((last[i] << 8) | last[i + 1]).toString(16);
    text = `${v4[1]}${hex(0)}:${hex(2)}`;
  }
  const halves = text.split('::');
  const [head, tail] = [groups(halves[0]), groups(halves[1] ?? '')];
  if (halves.length > 2 || head === undefined || tail === undefined) {
    return undefined;
  }
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const all = [...head, ...new Array(missing).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

/** @returns {Uint8Array | undefined} 4 or 16 bytes, in the order of the network */
exports.parseAddress = (text) => {
  const plain = text.replace(/%.*$/s, '');
  return plain.includes(':') ? parseV6(plain) : parseV4(plain);
};

/** As inet_ntop writes it: the longest row of zeros is left out, an IPv4 address within is shown as one. */
exports.formatAddress = (address) => {
  if (address.length === 4) {
    return address.join('.');
  }
  const all = Array.from({ length: 8 }, (_, i) => (address[2 * i] << 8) | address[2 * i + 1]);
  const isMapped = all.slice(0, 5).every((group) => group === 0) && all[5] === 0xffff;
  if (isMapped) {
    return `::ffff:${address.slice(12).join('.')}`;
  }
  const text = all.map((group) => group.toString(16));
  let longest = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && all[at + length] === 0) {
      length++;
    }
    if (length > longest.length) {
      longest = { at, length };
    }
  }
  if (longest.at < 0) {
    return text.join(':');
  }
  const before = text.slice(0, longest.at).join(':');
  const after = text.slice(longest.at + longest.length).join(':');
  return `${before}::${after}`;
};
