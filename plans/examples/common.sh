# Sourced by each system's `up`: its folder, its ports, and its processes, all of which end with it.
#
# What a system writes goes to target/examples/NAME. Tests move it elsewhere (EXAMPLES_HOME) and to other ports
# (EXAMPLES_PORT_SHIFT), so that they do not meet a reader's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$here")
root=$(cd "$here/../../.." && pwd)
home=${EXAMPLES_HOME:-$root/target/examples}/$name
python=$root/target/third-party/python/bin
node=$root/target/third-party/node/node_modules/.bin
# Debian has servers where users do not look for programs.
PATH=$PATH:/usr/sbin
shift_by=${EXAMPLES_PORT_SHIFT:-0}

for needed in "$python/python" "$node/pm2"; do
    [ -e "$needed" ] || { echo "$needed is missing: run scripts/third-party" >&2; exit 1; }
done
rm -rf "$home"
mkdir -p "$home"
cd "$home"

# port NUMBER: where that port is in this run.
port() { echo $(($1 + shift_by)); }

# render FILE: the file as it is in this run.
render() { "$root/plans/examples/render" "$1"; }

pids=()
# begin LOG COMMAND...: starts a process that does not outlive this script, not even a killed one.
begin() {
    local log=$1
    shift
    setpriv --pdeathsig TERM -- "$@" >>"$home/$log.log" 2>&1 &
    pids+=($!)
}

# wait_for WHAT COMMAND...: until the command succeeds, for at most 20 seconds.
wait_for() {
    local what=$1
    shift
    for _ in $(seq 200); do
        if "$@" >/dev/null 2>&1; then return; fi
        # A process that ended already, such as one whose port is taken, will not come up any more.
        for pid in "${pids[@]}"; do
            kill -0 "$pid" 2>/dev/null || { echo "$name: a process ended at once; see $home/*.log" >&2; tail -n 3 "$home"/*.log >&2; exit 1; }
        done
        sleep 0.1
    done
    echo "$name: $what did not happen within 20 s; see $home/*.log" >&2
    exit 1
}

# answers URL: whether it is answered 2xx.
answers() { curl --noproxy '*' -fsS -m 2 -o /dev/null "$1"; }

down() {
    trap - EXIT
    for pid in "${pids[@]}"; do
        kill -CONT "$pid" 2>/dev/null || true
        kill -TERM "$pid" 2>/dev/null || true
    done
    for _ in $(seq 50); do
        local left=()
        for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null && left+=("$pid"); done
        [ ${#left[@]} -eq 0 ] && return
        sleep 0.1
    done
    kill -KILL "${left[@]}" 2>/dev/null || true
}
trap down EXIT
trap 'exit 0' INT TERM

# serve URL: tells that the system is ready, and stays until it is ended.
serve() {
    touch "$home/ready"
    echo "$name is ready at $1; Ctrl-C stops it"
    wait
}
