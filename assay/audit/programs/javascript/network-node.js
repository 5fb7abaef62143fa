// network-node (network_probe): Node's way to the network.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

const net = require('net');
let left = 2;
for (const [host, port] of [['127.0.0.1', 6379], ['192.0.2.1', 80]]) {
    const socket = net.connect({ host, port });
    const end = () => { socket.destroy(); if (--left === 0) console.log('probed'); };
    socket.setTimeout(300, end);
    socket.once('connect', () => { console.error('PROBE', host, 'ALLOWED'); end(); });
    socket.once('error', end);
}
