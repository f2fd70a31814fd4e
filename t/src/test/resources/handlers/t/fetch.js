// fetch of an nginx with HTTP/2 and TLS; the requests are URLs.

async function get(url, { signal }) {
  const response = await fetch(url, { signal });
  return `${response.status} ${await response.text()}`;
}

// DESIGN.md's example
const text = async (req, task) => (await fetch(req, { signal: task.signal })).text();

// Each fifth is of 1 MB.
async function manyTimes(url, count) {
  const replies = { right: 0, wrong: [] };
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const [path, length] = left % 5 === 0 ? ['megabyte', 1_000_000] : ['hello', 5];
      try {
        const reply = await (await fetch(`${url}${path}?${left}`)).text();
        if (reply.length === length) {
          replies.right++;
        } else {
          replies.wrong.push(reply.length);
        }
      } catch (error) {
        replies.wrong.push(`${error} ${error.cause}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
  return `${replies.right} ${replies.wrong.slice(0, 3)}`;
}

exports.init = () => ({
  get,
  text,
  many: (url) => manyTimes(url, 200),

  // 10 MB there, 10 MB back
  async large(url) {
    const body = Buffer.alloc(10_000_000, 'some bytes ');
    const response = await fetch(url, { method: 'POST', body });
    return String(Buffer.from(await response.arrayBuffer()).equals(body));
  },

  async code(url) {
    try {
      return await get(url, {});
    } catch (error) {
      return error.cause.code;
    }
  },

  // an upstream that does not end
  async endless(url, task) {
    const response = await fetch(url, { signal: task.signal });
    let count = 0;
    try {
      for await (const part of response.body) {
        if (count === 0) {
          console.log('the body has begun');
        }
        count += part.length;
      }
    } catch (error) {
      console.log(`the body ended by ${error.name}: ${error.message}`);
    }
    return 'ended';
  },
});
