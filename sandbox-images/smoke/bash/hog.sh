block=$(head -c 8388608 /dev/zero | tr "\0" x)
blocks=()
while :; do
    blocks+=("$block")
done
