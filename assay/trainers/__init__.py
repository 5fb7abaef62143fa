"""Adapters: Assay in the shape in which trainers call rewards. They import no trainer."""
