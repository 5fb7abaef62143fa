# ok-shell-pipeline (benign): Pipelines, a here document, a trap and a temporary file.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/input"
state=17
{ read -r n; read -r -a values; } <"$folder/input"
for value in "${values[@]}"; do
    state=$(((state * 31337 + value * value + 7) % 1000000007))
done
cat <<END | tr -d '.'
.$state.
END
