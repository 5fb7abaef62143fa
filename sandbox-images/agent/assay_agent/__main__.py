"""`python -m assay_agent` runs the agent."""

from assay_agent.agent import main

if __name__ == "__main__":
    main()
