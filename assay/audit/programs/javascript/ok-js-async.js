// ok-js-async (benign): Big integers, promises and an exit code that is set at the end.

const lines = [];
require('readline').createInterface({ input: process.stdin }).on('line', line => lines.push(line)).on('close', async () => {
    let state = 17n;
    for (const value of lines.slice(1).join(' ').trim().split(/\s+/).map(BigInt)) {
        state = await Promise.resolve((state * 31337n + value * value + 7n) % 1000000007n);
    }
    await new Promise(done => setTimeout(done, 10));
    console.log(state.toString());
    process.exitCode = 0;
});
