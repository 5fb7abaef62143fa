const { writeSync } = require("node:fs");

test("flood", () => {
  for (;;) {
    try {
      writeSync(1, "x".repeat(1000) + "\n");
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // the pipe is full for now
    }
  }
});
