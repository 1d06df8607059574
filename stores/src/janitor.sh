# Cleans up after the process at the other end of stdin, however that ends.
# $1: its private folder. The rest: the command that ends whatever works in there.
trap '' HUP INT TERM
while read -r _; do :; done
folder=$1
shift
"$@"
[ -z "$folder" ] || rm -rf -- "$folder"
