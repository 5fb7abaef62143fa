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


def test_what_takes_long_to_import_is_imported_when_it_is_used() -> None:
    program = (
        "import sys\n"
        "from assay.client import AsyncClient, Client, RetryPolicy\n"
        "slow = {'httpx', 'pydantic', 'asyncio', 'assay.contract', 'importlib.metadata'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
        "import assay\n"
        "assert assay.__version__\n"
        "assert not hasattr(assay, 'absent')\n"
        "with Client('http://127.0.0.1:9'): print('httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "True"]
