"""The jail driver: bubblewrap in fresh namespaces, for an ordinary user and for root."""
