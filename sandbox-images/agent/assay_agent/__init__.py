"""The agent that lives in a sandbox and runs untrusted programs in cells. Standard library only."""
