// Tells the log when it begins and when it ends.
const name = { value: "" };

exports.init = async (cfg) => {
  name.value = cfg;
  console.log("init of " + cfg);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    echo: (req) => req,
    wait: (ms) => new Promise((resolve) => setTimeout(() => resolve("waited"), Number(ms))),
  };
};

exports.dispose = async () => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  console.log("dispose of " + name.value);
};
