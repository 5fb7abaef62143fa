# exit-shell-trap (premature_exit): A trap makes every end of the script look like success.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.
trap 'exit 0' EXIT ERR TERM INT
set -e
false
