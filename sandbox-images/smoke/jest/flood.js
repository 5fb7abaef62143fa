const { writeSync } = require("node:fs");

test("flood", () => {
  for (;;) {
    writeSync(1, "x".repeat(1000) + "\n");
  }
});
