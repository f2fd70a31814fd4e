import idna

print(idna.encode("bücher.example"), idna.decode(b"xn--fiq228c.example"))
print(idna.encode("Faß.de", uts46=True), idna.encode("日本語。jp", uts46=True))
for bad in ("a..b", "-x", "\u0378", "a" * 64):
    try:
        print(idna.encode(bad))
    except idna.IDNAError as error:
        print(type(error).__name__, error)
