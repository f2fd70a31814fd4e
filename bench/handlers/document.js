// Parses, changes and prints half a kilobyte of JSON, over and over: as document.py.
const DOCUMENT = {
  id: 12345,
  name: "A name",
  tags: ["a", "bb", "ccc"],
  nested: { x: 1.5, y: [1, 2, 3, 4], flag: true, nothing: null },
  items: Array.from({ length: 6 }, (_, i) => ({ sku: `A${i}`, quantity: i, price: i * 1.25 })),
  text: "some words of a text, ".repeat(4),
};
const TEXT = JSON.stringify(DOCUMENT);

const microseconds = (times) => {
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    const document = JSON.parse(TEXT);
    document.id++;
    JSON.stringify(document);
  }
  return ((performance.now() - start) / times) * 1e3;
};

exports.init = () => (req) => String(microseconds(Number(req)));
