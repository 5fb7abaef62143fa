#!/bin/sh
# Brings the stack of docker-compose.yml up in the background, waits until it can grade, and says how to use it.
# Arguments go to `compose up`: `up.sh --scale workers=3`.
set -eu

cd "$(dirname "$0")/.."
ready_s=120
url=http://127.0.0.1:${ASSAY_PORT:-8000}

# images.sh has built what is wanted; compose, unless told what to run, builds the images of all languages.
sh scripts/compose.sh up --detach "$@" redis service workers
echo "Waiting until a worker is ready …"
end_s=$(($(date +%s) + ready_s))
until reason=$(sh scripts/compose.sh exec -T service python /opt/assay/health.py ready 2>&1); do
    if [ "$(date +%s)" -ge "$end_s" ]; then
        sh scripts/compose.sh ps
        sh scripts/compose.sh logs --tail=20 workers service
        echo "Not ready after $ready_s s: $reason" >&2
        exit 1
    fi
    sleep 1
done
cat <<END
Assay is ready on $url — try: curl -s $url/v1/rewards -H 'Content-Type: application/json' -d '{"items": [{"id": "1", "completion": "\`\`\`python\\nprint(int(input()) * 2)\\n\`\`\`", "rewards": [{"type": "code", "tests": {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}]}}]}]}'
\`make down\` ends it and keeps its data. Logs: $(sh scripts/compose.sh --find) -p ${COMPOSE_PROJECT_NAME:-assay} logs -f
END
