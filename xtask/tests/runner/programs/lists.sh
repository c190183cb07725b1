# Fetches two lists at the same time, sorts both, and merges them.
fetch() {
    sleep "$1" # It stands for the way through the network.
    printf '%s\n' "$2" "$3"
}
cd "$TMPDIR" || exit
fetch 0.02 pear apple | sort > near && echo 'near: sorted' &
fetch 0.2 plum cherry | sort > far && echo 'far: sorted' &
wait
echo "merged: $(sort -m near far | xargs)"
rm near far
