from markupsafe import Markup, escape

print(escape("<script> & \"'"), Markup("<em>%s</em>") % "<x>", Markup("<b>a</b>").striptags())
print(repr(escape(Markup("<ok>"))), Markup("&lt;").unescape(), escape(5), escape(None))
