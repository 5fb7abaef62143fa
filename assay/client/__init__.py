"""The client: what a trainer needs to have completions rewarded."""

from assay.client.asynchronous import AsyncClient
from assay.client.blocking import Client
from assay.client.retry import RetryPolicy

__all__ = ["AsyncClient", "Client", "RetryPolicy"]
