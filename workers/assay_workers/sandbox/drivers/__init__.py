"""The sources of the drivers that call functions of other languages; see `assay_workers.sandbox.driving`."""
