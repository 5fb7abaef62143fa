// time-js-microtasks (dos_time): Promises that resolve one another: the event loop never comes round to a timer.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

setTimeout(() => process.exit(0), 50);
(function again() { Promise.resolve().then(again); })();
