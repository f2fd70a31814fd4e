import xmltodict

data = xmltodict.parse('<a x="1"><b>t</b><b/><n:c xmlns:n="u">é &amp; <![CDATA[<raw>]]></n:c></a>')
print(data)
print(xmltodict.unparse(data, pretty=True))
for bad in ("<a><b></a>", "<a", "<a>&no;</a>", ""):
    try:
        xmltodict.parse(bad)
    except Exception as error:
        print(type(error).__name__, error)
