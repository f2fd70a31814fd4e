from bs4 import BeautifulSoup

html = """<html><body><p class="a b" id=x>One <b>two</b><p>three<br>four</p>
<ul><li>1<li data-n="2">2</ul><!-- c --><a href="/x?a=1&amp;b=2">link</a></body>"""
for kind in ("html.parser", "html5lib"):
    soup = BeautifulSoup(html, kind)
    print(soup.prettify())
    print([li.get_text(strip=True) for li in soup.select("ul > li")], soup.select_one("p.a")["class"])
    print(soup.find("a")["href"], soup.find(string="two").parent.name)
soup.b.replace_with("<2>")
print(soup.find(id="x"))
