import subprocess
import sys


def test_the_client_needs_no_package_of_the_server() -> None:
    program = (
        "import sys, assay.client\n"
        "server = {'fastapi', 'redis', 'rq', 'uvicorn', 'structlog', 'typer', 'pydantic_settings', 'orjson',"
        " 'sympy', 'numpy', 'assay.settings', 'assay.queue', 'assay.telemetry', 'assay_service', 'assay_workers'}\n"
        "print(sorted(server & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
