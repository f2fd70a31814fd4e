import mistune

print(mistune.html("# T\n\n* a\n* b **c**\n\n> q <script>\n\n    code\n\n![i](u)"))
print(mistune.create_markdown(plugins=["table", "strikethrough"])("|a|b|\n|-|-|\n|1|~~2~~|"))
