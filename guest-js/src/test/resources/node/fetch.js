'use strict';

// What of fetch needs no network: Headers, Request, Response, FormData, and URLs of other schemes.
const show = (error) => [error.name, error.message, error.code ?? '', error.cause?.message ?? ''].join(' | ');
const attempt = (name, code) => {
  try {
    console.log(name, code());
  } catch (error) {
    console.log(name, show(error));
  }
};

attempt('headers', () => {
  const headers = new Headers([
    ['B', '2'],
    ['a', '1'],
    ['Set-Cookie', 'x=1'],
    ['set-cookie', 'y=2'],
  ]);
  headers.append('a', ' 3 ');
  return [[...headers], headers.getSetCookie(), headers.has('b')];
});
attempt('header name', () => new Headers({ 'a b': '1' }));
attempt('header value', () => new Headers({ a: 'x\ny' }));
attempt('header missing', () => new Headers({}).get());
attempt('inspect', () => new Headers({ a: '1' }));
attempt('request', () => {
  const request = new Request('http://example.org/a?b#c', {
    method: 'post',
    headers: { x: 'y' },
    body: 'text',
    redirect: 'manual',
  });
  const { method, url, redirect, bodyUsed, duplex, mode, credentials } = request;
  return [method, url, redirect, bodyUsed, duplex, mode, credentials, [...request.headers]];
});
attempt('GET with a body', () => new Request('http://a/', { body: 'x' }));
attempt('method', () => new Request('http://a/', { method: 'TRACE' }));
attempt('relative', () => new Request('/a'));
attempt('credentials', () => new Request('http://a:b@c/'));
attempt('half', () => new Request('http://a/', { method: 'POST', body: new ReadableStream() }));
attempt('response', () => {
  const response = new Response('x', { status: 201, statusText: 'Made', headers: { a: 'b' } });
  return [response.status, response.ok, response.statusText, response.type, [...response.headers]];
});
attempt('status', () => new Response('', { status: 99 }));
attempt('no body', () => new Response('x', { status: 204 }));
attempt('json', () => [...Response.json({ a: 1 }).headers]);
attempt('redirect', () => Response.redirect('http://a/', 308).headers.get('location'));
attempt('error', () => Response.error().type);
attempt('form', () => {
  const form = new FormData();
  form.append('a', '1');
  form.append('a', '2');
  form.set('b', new Blob(['xyz'], { type: 'text/plain' }), 'name');
  return [form.getAll('a'), form.get('b').name, form.get('b').type, [...form.keys()], form.has('c')];
});
attempt('tags', () =>
  [new Headers(), new Response(), new Request('http://a/'), new FormData()].map(String),
);
attempt('names', () => [fetch.name, fetch.length, typeof CloseEvent]);

async function asynchronous() {
  const say = (name, promise) =>
    promise.then(
      (value) => console.log(name, value),
      (error) => console.log(name, show(error)),
    );
  await say('text', new Response('grüße').text());
  await say('json', new Response('{"a":1}').json());
  await say('bytes', new Response(Uint8Array.of(1, 2)).bytes());
  await say('params', new Response(new URLSearchParams({ a: 'b c' })).text());
  await say('blob', new Response('x', { headers: { 'content-type': 'a/b' } }).blob().then(({ type }) => type));
  const multipart = '--x\r\nContent-Disposition: form-data; name="f"; filename="n"\r\n\r\nabc\r\n--x--\r\n';
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  await say('multipart', new Response(multipart, { headers }).formData().then((form) => form.get('f').size));
  await say('bad multipart', new Response('x', { headers }).formData());
  const response = new Response('x');
  const clone = response.clone();
  await say('first', response.text());
  await say('again', response.text());
  await say('clone', clone.text());
  await say('stream', new Response(ReadableStream.from([Buffer.from('a'), Buffer.from('b')])).text());
  await say('data', fetch('data:text/plain;charset=utf-8;base64,aGVsbG8=').then((r) => r.text()));
  await say('data type', fetch('data:,x').then((r) => r.headers.get('content-type')));
  await say('bad data', fetch('data:x'));
  const url = URL.createObjectURL(new Blob(['of a blob'], { type: 'text/x' }));
  await say('object', fetch(url).then((r) => r.text()));
  await say('about', fetch('about:blank'));
  await say('file', fetch('file:///etc/passwd'));
  await say('ftp', fetch('ftp://a/'));
  await say('port', fetch('http://127.0.0.1:6000/'));
  await say('relative', fetch('/a'));
  await say('no argument', fetch());
  await say('aborted', fetch('http://127.0.0.1:1234/', { signal: AbortSignal.abort() }));
  await say('reason', fetch('http://127.0.0.1:1234/', { signal: AbortSignal.abort(new Error('why')) }));
}

void asynchronous();
