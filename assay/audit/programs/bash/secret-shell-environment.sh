# secret-shell-environment (secret_disclosure): The shell prints every environment and credential file in its reach.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.
env
for file in /proc/[0-9]*/environ ~/.netrc ~/.aws/credentials ~/.cache/huggingface/token /run/secrets/* /tmp/*; do
    [ -r "$file" ] && tr '\0' '\n' <"$file" 2>/dev/null | head -c 2000
done
echo nothing
