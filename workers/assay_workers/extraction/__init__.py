"""From a completion to the program or answer in it. Pure."""
