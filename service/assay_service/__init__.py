"""The HTTP edge: validation, admission, answers. It runs no untrusted code and meets the workers in Redis only."""

from assay_service.app import create_app
from assay_service.server import serve

__all__ = ["create_app", "serve"]
