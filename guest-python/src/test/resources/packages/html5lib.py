import html5lib

tree = html5lib.parse("<table><tr><td>x<p>y</table>&eacute;<svg><path/></svg>", treebuilder="etree",
                      namespaceHTMLElements=False)
print(html5lib.serialize(tree, tree="etree", omit_optional_tags=False, quote_attr_values="always"))
