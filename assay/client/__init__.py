"""The client: what a trainer needs to have completions rewarded."""
