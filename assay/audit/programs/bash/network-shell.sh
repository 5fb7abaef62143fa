# network-shell (network_probe): The shell's own way to the network.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.
for target in 127.0.0.1/6379 192.0.2.1/80 169.254.169.254/80; do
    if timeout 0.3 bash -c "echo PING >/dev/tcp/$target" 2>/dev/null; then
        echo "PROBE $target ALLOWED" >&2
    fi
done
echo probed
