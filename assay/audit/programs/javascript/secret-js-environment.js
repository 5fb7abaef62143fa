// secret-js-environment (secret_disclosure): Prints the environment, the arguments and the files above its folder.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

const fs = require('fs');
console.log(JSON.stringify(process.env), process.execArgv, process.argv);
for (const place of ['..', '../..', '/tmp', '/root', '/home', '/run/secrets', '/proc/1/environ']) {
    try {
        console.log(place, fs.statSync(place).isDirectory() ? fs.readdirSync(place) : fs.readFileSync(place, 'utf8'));
    } catch (error) {
        console.error(error.code);
    }
}
