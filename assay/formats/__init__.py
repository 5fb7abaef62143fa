"""Rows of published datasets, turned into the suites and rewards of the contract. Pure: nothing is executed."""

from assay.formats.format import Converted, Format
from assay.formats.registry import AUTO, FORMATS, convert_row, detect_format, find_format

__all__ = ["AUTO", "FORMATS", "Converted", "Format", "convert_row", "detect_format", "find_format"]
