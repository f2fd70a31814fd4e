const url = require('url');
const list = ['http://user:pa%20ss@host.com:8080/p/a/t/h?query=string#hash', 'https://EXAMPLE.com:443/../a/./b/%7e?x=1&y= 2#f r', 'file:///etc/passwd', 'file://host/c:/x', 'mailto:a@b.c?subject=x', 'javascript:alert(1)', 'http://münchen.de/ä?ö=ü', 'http://xn--mnchen-3ya.de/', 'http://[::1]:3000/', 'http://0x7f.1/', 'data:text/plain,hi', 'http://a.b/?', 'http://a.b/#', 'web+demo:/.//not-a-host/', 'ftp://f:21/x', 'ws://x:80', 'http://ex\tample.com/\n', 'blob:https://a.com/uuid', 'non-special://h:99/p?q', 'http://@h', 'http://:p@h', 'http://user@/'];
for (const u of list) { try { const x = new URL(u); console.log(x.href, '|', [x.protocol, x.username, x.password, x.host, x.hostname, x.port, x.pathname, x.search, x.hash, x.origin].join(' ')); } catch (e) { console.log(u, e.name, e.code, e.message, e.input); } }
for (const u of ['', '//x', 'http://', 'http://a b', 'http://[', 'http://1.2.3.256', 'http://a:99999', 'x']) console.log(u, URL.canParse(u), URL.parse(u), URL.canParse(u, 'http://base/dir/'), String(URL.parse(u, 'http://base/dir/')));
const x = new URL('http://a.com/p?q#h'); for (const [k, v] of [['protocol', 'https'], ['protocol', 'foo'], ['host', 'b.org:81'], ['hostname', 'c.net'], ['port', '443'], ['port', '8x'], ['port', ''], ['username', 'me@'], ['password', 'p:w'], ['pathname', 'new path'], ['search', 'a=b c'], ['hash', '#z z'], ['search', ''], ['hash', ''], ['hostname', 'bad host'], ['href', 'http://d/']]) { x[k] = v; console.log(k, x.href); }
try { x.href = 'nope'; } catch (e) { console.log(e.code, e.message); }
x.search = '?a=1&b=2&a=3'; const p = x.searchParams; console.log(p.get('a'), p.getAll('a'), p.has('b'), p.has('b', '3'), p.size, [...p], p.toString()); p.append('c', 'ü &'); p.delete('a', '1'); p.set('b', '9'); p.sort(); console.log(x.href, p, x);
console.log(String(new URLSearchParams({ a: 1, b: 'x y' })), String(new URLSearchParams([['k', 'v'], ['k', '+']])), String(new URLSearchParams('?q=%20+%C3%BC&r')), new URLSearchParams(new Map([['m', 1]])).get('m'), [...new URLSearchParams('a=1&b').keys()], JSON.stringify(new URL('http://j/')));
for (const f of [() => new URLSearchParams([['a']]), () => new URL(), () => new URLSearchParams('').get(), () => url.fileURLToPath('http://x'), () => url.fileURLToPath('file:///a%2fb'), () => url.domainToASCII()]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(url.fileURLToPath('file:///a%20b/c.txt'), url.pathToFileURL('/a b/#?.txt%').href, url.domainToASCII('español.com'), url.domainToASCII('xn--iñvalid.com'), url.domainToUnicode('xn--espaol-zwa.com'), url.urlToHttpOptions(new URL('http://a:b@x.y:8/p?q')), url.format(new URL('http://u:p@測試.com/p?q#h'), { fragment: false, unicode: true, auth: false }));
for (const u of list.slice(0, 9).concat('//host/path', '/rel?x#y', 'a.b?c', 'x:y')) { const r = url.parse(u, true, true); console.log(u, r.protocol, r.auth, r.host, r.port, r.hostname, r.hash, r.search, r.query, r.pathname, r.path, r.href, url.format(r)); }
console.log(url.resolve('/one/two/three', 'four'), url.resolve('http://example.com/', '/one'), url.resolve('http://example.com/one', '../two'), url.format({ protocol: 'http', host: 'a.com', pathname: '/x', query: { a: [1, 2], b: 'c' }, hash: 'h' }), url.Url.name, url.URL === URL);
try { url.parse(5); } catch (e) { console.log(e.code, e.message); }
for (const d of ['', '\0', '1.2.3.4.5', 'xn--', 'a b', '1.2.3', 'a/b', 'a:80', 'A.b', 'x', 'a?b', 'a@b', '[::1]']) console.log(JSON.stringify(d), JSON.stringify(url.domainToASCII(d)), JSON.stringify(url.domainToUnicode(d)));
const { resolveObjectURL } = require('buffer'); const object = URL.createObjectURL(new Blob(['abc'])); console.log(/^blob:nodedata:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(object), resolveObjectURL(object).size); URL.revokeObjectURL(object); console.log(resolveObjectURL(object), object === URL.createObjectURL(new Blob(['abc']))); for (const f of [() => URL.createObjectURL('x'), () => URL.revokeObjectURL()]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

console.log(require('url').pathToFileURL('/a^b|c`d{e}[]#?%~\\').href, require('url').pathToFileURL('C:\\a^b', { windows: true }).href);
for (const path of ['\\\\nas\\share\\path.txt', '\\\\a.b\\c^d', '\\\\nas\\a%b#c?d', '\\\\?\\C:\\a b']) console.log(require('url').pathToFileURL(path, { windows: true }).href);
for (const code of [() => new URL('x'), () => new URL('//', 'y')]) {
  try {
    code();
  } catch (error) {
    console.log(String(error), error.name, error.code, error.input, error.base, Object.keys(error));
  }
}
