# ok-words (benign): Letters of several scripts, characters beyond the basic plane and combining marks.

größe = input()
print(" ".join(wort[::-1] for wort in größe.split())[::-1])
