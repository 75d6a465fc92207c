#!/bin/sh
# Put a lock file, the adapter and the project itself into .venv, with uv where it is on the path.
set -eu
lock=$1

newline='
'
case $PWD in
*[:,?*%\\{}]* | *'['* | *']'* | *"$newline"*)
    printf '%s %s\n' "error: the path $PWD holds one of : , ? * % [ ] { } \\ or a line break," \
        "which Java, Spark or MLflow take for something else: rename the folder, or use another" >&2
    exit 1
    ;;
esac

fits='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
find_python() {
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$python" -c "$fits" 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "error: no Python 3.11, 3.12 or 3.13 on the path: install one" \
        "(Debian: apt-get install python3) or name it: make PYTHON=/path/to/python3.12" >&2
    return 1
}

# the import fails where a system upgrade, or a move, took away what .venv was made with
if ! .venv/bin/python -c "import cinespark; $fits" 2>/dev/null; then
    python=$(find_python)
    echo "environment: .venv with $("$python" --version)"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python "$python" .venv
    else
        without_pip=
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            package=$("$python" -c \
                'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
                echo "$python has no venv: Debian keeps it in the package $package" >&2
                apt-get install -qq -y "$package" >/dev/null 2>&1 || {
                    apt-get update -qq >&2  # no package lists, or old ones
                    apt-get install -qq -y "$package" >&2
                }
            elif "$python" -m pip --python "$python" --version >/dev/null 2>&1; then
                without_pip=--without-pip  # pip 22.3 or later puts one in, below
            else
                echo "error: $python has neither venv nor a pip of 22.3 or later:" \
                    "run \`apt-get install $package\` as root first" >&2
                exit 1
            fi
        fi
        "$python" -m venv --clear $without_pip .venv
        if [ "$without_pip" ]; then
            "$python" -m pip --python .venv/bin/python install --quiet \
                --disable-pip-version-check pip
        fi
    fi
fi

if command -v uv >/dev/null; then
    install="uv pip install --quiet --python .venv/bin/python"
else
    case $PWD in
    *[\"\$\`]*)
        printf '%s %s\n' "error: the path $PWD holds one of \" \$ \`, and pip writes scripts" \
            "that do not start there: rename the folder, or install uv" >&2
        exit 1
        ;;
    esac
    install=".venv/bin/python -m pip install --quiet --disable-pip-version-check"
fi
echo "environment: installing $lock (a minute or two the first time)"
$install --no-deps --require-hashes --requirement "$lock"  # the lock names them all
$install --no-deps --no-build-isolation --editable ./dbt-sparksession --editable .
# compiles loops to machine code, which a build would do otherwise
.venv/bin/python -c "from cinespark.algorithms import picked, row_contributions, \
    row_equations, row_moments, row_products, row_scores, row_sums"

# dbt looks for profiles.yml in the folder it is started in only: with --project-dir from
# elsewhere it must be told (docs/decisions/0003-profiles-from-elsewhere.md)
.venv/bin/python - <<'EOF'
from pathlib import Path
from sysconfig import get_path

Path(get_path("purelib"), "cinespark_profiles.pth").write_text(
    'import os; os.path.exists("profiles.yml") or '
    f'os.environ.setdefault("DBT_PROFILES_DIR", {ascii(str(Path.cwd()))})\n'
)
EOF
