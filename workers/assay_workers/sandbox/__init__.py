"""The sandbox port, what stands behind it, and the drivers."""
