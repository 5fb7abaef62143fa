"""Reward functions of text, and how component scores make a reward."""
