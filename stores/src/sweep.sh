# SIGKILLs every process whose working folder is one of the arguments; the first is PostgreSQL's data folder.
# A process that its dead owner had only just started may still be on its way there: two quiet looks in a row are wanted.
quiet=0
looks=0
while [ "$quiet" -lt 2 ] && [ "$looks" -lt 500 ]; do
    looks=$((looks + 1))
    quiet=$((quiet + 1))
    for process in /proc/[0-9]*; do
        for folder; do
            if [ "$process/cwd" -ef "$folder" ]; then
                quiet=0
                kill -KILL "${process#/proc/}"
            fi
        done
    done
    [ "$quiet" -ge 2 ] || sleep 0.02
done
# A killed PostgreSQL leaves its small System V segment behind, which its lock file names by key and id.
if [ -f "$1/postmaster.pid" ]; then
    sed -n 7p "$1/postmaster.pid" | while read -r _ segment; do ipcrm -m "$segment"; done
fi
