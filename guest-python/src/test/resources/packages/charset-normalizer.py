from charset_normalizer import from_bytes

text = "Voilà un texte assez long, écrit en français, où les accents ne manquent pas du tout. " * 4
for encoding in ("utf-8", "utf-16"):
    best = from_bytes(text.encode(encoding)).best()
    print(best.encoding, str(best) == text)
