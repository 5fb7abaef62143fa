# ok-script-helper (benign): Solves what the problem's helper undoes, and keeps a helper of the same name for itself.

def undo(text):
    return None


def scramble(text):
    return "".join(chr((ord(letter) - 97 + place * 7 + 3) % 26 + 97) for place, letter in enumerate(text))
