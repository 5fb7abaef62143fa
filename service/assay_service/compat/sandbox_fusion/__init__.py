"""SandboxFusion's contract: `/run_code`, `/run_jupyter`, and `/submit` with the problem in the request."""
