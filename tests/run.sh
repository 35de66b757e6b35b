#!/usr/bin/env bash
# Everything that a change must pass, from a fresh clone: format, lints, documentation and all tests on both engines.
#
#     ./tests/run.sh
#
# The programs of PostgreSQL and PgBouncer and strace are found, or installed where apt can do it; no server has to run. The
# last line counts the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

stop() {
    printf 'tests/run.sh: %s\n' "$*" >&2
    exit 1
}

check_toolchain() {
    command -v cargo >/dev/null || stop "cargo was not found: install Rust from https://rustup.rs"
    cargo fmt --version >/dev/null 2>&1 || stop "rustfmt is missing: rustup component add rustfmt"
    cargo clippy --version >/dev/null 2>&1 || stop "clippy is missing: rustup component add clippy"
    command -v git >/dev/null || stop "git is missing, whose merges the tests make: apt-get install git, or your system's equivalent"
    command -v cc >/dev/null || stop "a C compiler is missing, which builds the bundled SQLite: apt-get install gcc libc6-dev, or your system's equivalent"
}

# The harness looks in the same places (tests/src/postgres/binaries.rs) and has the last word.
has_postgres() {
    local folder
    for folder in ${PATH//:/ } "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin \
        /usr/libexec/postgresql* /usr/local/pgsql/bin /usr/pgsql*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        [ -x "$folder/initdb" ] && return 0
    done
    return 1
}

# The harness looks in the same places (tests/src/postgres/pgbouncer.rs).
has_pgbouncer() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin:/usr/local/bin" command -v pgbouncer >/dev/null
}

# Installs packages of Debian's, for want of these programs.
install() {
    local programs=$1 as_root=()
    shift
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
        sudo -n true 2>/dev/null || stop "$programs not found, and installing needs root: sudo apt-get install $*"
    fi
    say "installing $*"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

find_postgres() {
    has_postgres && return
    command -v apt-get >/dev/null || stop "PostgreSQL's programs initdb and postgres were not found: install PostgreSQL (Fedora: dnf install postgresql-server; Alpine: apk add postgresql; Arch: pacman -S postgresql; macOS: brew install postgresql), or put their folder into PATH"
    install "PostgreSQL was" postgresql
    has_postgres || stop "apt-get installed PostgreSQL, but initdb is in none of the usual folders: put its folder into PATH"
}

find_pgbouncer() {
    has_pgbouncer && return
    command -v apt-get >/dev/null || stop "PgBouncer was not found: install it (Fedora: dnf install pgbouncer; Alpine: apk add pgbouncer; macOS: brew install pgbouncer), or put its folder into PATH"
    install "PgBouncer was" pgbouncer
    has_pgbouncer || stop "apt-get installed PgBouncer, but pgbouncer is in none of the usual folders: put its folder into PATH"
}

# Faults are injected into SQLite's system calls with strace, which there is only on Linux; elsewhere those tests are not built.
find_strace() {
    [ "$(uname)" = Linux ] || return 0
    command -v strace >/dev/null && return
    command -v apt-get >/dev/null || stop "strace was not found, with which the tests inject faults: install it (Fedora: dnf install strace; Alpine: apk add strace; Arch: pacman -S strace)"
    install "strace was" strace
}

# Runs the tests of the workspace and of the crates outside of it, shows their output, and ends with one line that counts the
# tests of all.
run_tests() {
    local log status=0
    log=$(mktemp)
    {
        cargo test --workspace --all-features --no-fail-fast || status=$?
        say "tests on the oldest rusqlite"
        cargo test --locked --manifest-path tests/oldest/Cargo.toml || status=$?
        return "$status"
    } 2>&1 | tee "$log" || status=$?
    awk -v status="$status" '
        $1 == "test" && $2 == "result:" { passed += $4; failed += $6; ignored += $8; binaries += 1 }
        END { printf "\ntest result: %s. %d passed; %d failed; %d ignored; in %d binaries\n",
                     (status || failed || !binaries) ? "FAILED" : "ok", passed, failed, ignored, binaries }
    ' "$log"
    rm -f "$log"
    return "$status"
}

check_toolchain
find_postgres
find_pgbouncer
find_strace

say "format"
cargo fmt --all --check

# A crate is linted with every set of features that somebody builds: the workspace as a whole switches all on.
say "lints"
cargo clippy --workspace --all-targets --all-features -- -D warnings
cargo clippy -p piccolo-codegen --lib -- -D warnings
cargo clippy -p piccolo-runtime --no-default-features --lib -- -D warnings
cargo clippy -p piccolo-runtime --lib -- -D warnings
cargo clippy -p piccolo-runtime --no-default-features --features postgres --lib -- -D warnings

say "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# What an application does in its own CI, with the examples as applications.
say "migrations"
for example in bands shop types; do
    cargo piccolo --config "schema-examples/$example/piccolo.toml" check
done

say "tests"
run_tests
