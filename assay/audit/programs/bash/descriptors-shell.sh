# descriptors-shell (dos_descriptors): The shell opens descriptors until there are none.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.
count=0
while [ "$count" -lt 2000 ] && exec {next}</dev/null; do
    count=$((count + 1))
done 2>/dev/null
echo "opened"
