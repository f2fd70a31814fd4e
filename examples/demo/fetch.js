// "js:demo/fetch?,init": requests to other servers. Without nginx, from this folder's parent:
//
//   echo -n https://example.org/ | ../dist/bin/resty-polyglot call js:demo/fetch,init text

exports.init = () => ({
  // Ends when nobody waits for the reply any more: the client has gone, or the call timed out.
  text: async (url, task) => (await fetch(url, { signal: task.signal })).text(),

  // Several at once; over HTTP/2 where the server speaks it. One URL a line.
  sizes: async (urls, task) => {
    const sizes = urls.split('\n').map(async (url) => {
      const response = await fetch(url, { signal: task.signal });
      let size = 0;
      for await (const chunk of response.body) {
        size += chunk.length;
      }
      return `${response.status} ${size} ${url}`;
    });
    return (await Promise.all(sizes)).join('\n');
  },
});
