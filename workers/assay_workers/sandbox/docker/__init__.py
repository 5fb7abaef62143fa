"""The Docker driver: unprivileged containers on any engine, local or remote."""
