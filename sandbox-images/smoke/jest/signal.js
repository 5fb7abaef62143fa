test("signal", () => {
  process.kill(process.pid, "SIGABRT");
});
