# bomb-cycle (value_bomb): A value that contains itself, by way of a list and of a dict.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def spread(values):
    value = {"low": 1}
    value["high"] = [value]
    value["digest"] = value["high"]
    return value
