// exit-process-hooks (premature_exit): Handlers for exceptions and exits set the exit code to 0 and print a success line.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

process.on('uncaughtException', () => process.exit(0));
process.on('exit', () => { process.exitCode = 0; console.log('ok 1 - all tests passed'); });
throw new Error('never mind');
