#!/usr/bin/env bash
# What squawk, a linter of Postgres migrations, says of every Postgres file that the golden cases of plans hold. For developers; not a
# part of tests/run.sh. squawk.md says why each finding that is allowed here is right.
#
#     pip install squawk-cli==2.70.0
#     ./tests/squawk.sh           # counts by rule; fails on a rule that is not allowed
#     ./tests/squawk.sh -v        # every finding
#
# The files are linted as they run: each step in its transaction with the runner's settings, the bounds of a batch filled in.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v squawk >/dev/null || { echo "tests/squawk.sh: squawk was not found: pip install squawk-cli==2.70.0" >&2; exit 1; }

# Findings about what a change means for the programs that use the database. That is for their authors to judge; a plan that was asked
# for cannot leave the change out.
meaning="ban-drop-column ban-drop-table ban-drop-constraint ban-drop-default ban-drop-not-null ban-drop-type ban-set-schema
    ban-alter-identity renaming-column renaming-table renaming-object"
# Findings about the schema that somebody wrote.
schema="prefer-bigint-over-int prefer-bigint-over-smallint prefer-text-field prefer-timestamp-tz"
# Findings that squawk.md answers one by one.
answered="prefer-robust-stmts changing-column-type"
# What a plan that need not keep a live system going may do.
offline="adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-serial-primary-key-field
    constraint-missing-not-valid disallowed-unique-constraint require-concurrent-index-creation require-concurrent-index-deletion"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/online" "$folder/offline"

# Writes the Postgres files of a case as they run.
as_run() {
    awk -v out="$1" '
        function commit() { if (open) print "COMMIT;" > file; open = 0 }
        /^\/\/\/\/ / { commit(); file = ($2 ~ /postgres/) ? out "." $2 : ""; next }
        file == "" { next }
        /^-- piccolo: step no-transaction/ {
            commit()
            print "SET lock_timeout = 0;\nSET statement_timeout = 0;" > file
        }
        /^-- piccolo: step/ && !/no-transaction/ {
            commit()
            print "BEGIN;\nSET LOCAL lock_timeout = '\''2s'\'';\nSET LOCAL statement_timeout = 0;" > file
            open = 1
        }
        { gsub(/:first/, "1"); gsub(/:last/, "1000"); print > file }
        END { commit() }
    ' "$2"
}

for case in piccolo-codegen/tests/cases/plan/*/; do
    name=$(basename "$case")
    group=offline
    if grep -qx '# online' "$case/decisions.toml" 2>/dev/null; then group=online; fi
    as_run "$folder/$group/$name" "$case/expected.txt"
done

status=0
lint() {
    local group=$1 allowed=$2 findings rule count
    findings=$(cd "$folder/$group" && squawk --pg-version=13.0 --reporter gcc ./*.sql 2>/dev/null || true)
    echo "== $group: $(find "$folder/$group" -name '*.sql' | wc -l) files"
    if [ "${3:-}" = -v ]; then grep -E ': (warning|error): ' <<<"$findings" || true; fi
    while read -r count rule; do
        [ -n "$rule" ] || continue
        if grep -qw -- "$rule" <<<"$allowed"; then
            printf '%6d  %s\n' "$count" "$rule"
        else
            printf '%6d  %s: not allowed\n' "$count" "$rule"
            grep -E ": (warning|error): $rule " <<<"$findings" | head -5
            status=1
        fi
    done < <(grep -oE ': (warning|error): [a-z-]+' <<<"$findings" | sed 's/.*: //' | sort | uniq -c | sort -rn)
}

lint online "$meaning $schema $answered" "${1:-}"
lint offline "$meaning $schema $answered $offline" "${1:-}"
exit "$status"
