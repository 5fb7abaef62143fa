"""``python -m assay_service``: serves with the settings of the environment."""

import sys

from assay.errors import AssayError
from assay.settings import load_settings
from assay_service.server import serve


def main() -> None:
    """Serves until SIGTERM or SIGINT; exits with 1 if that is not possible."""
    try:
        serve(load_settings(), on_ready=_announce)
    except AssayError as error:
        sys.exit(f"{error.code}: {error.message}. {error.hint}")
    except OSError as error:
        sys.exit(str(error))


def _announce(host: str, port: int) -> None:
    sys.stderr.write(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}\n")


if __name__ == "__main__":
    main()
