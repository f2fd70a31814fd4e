from docutils.core import publish_parts

text = """
Title
=====

A *b* ``c`` `link <http://x>`_.

.. note:: Mind

   * this
   * that

====  ===
a     b
====  ===
1     2
====  ===
"""
print(publish_parts(text, writer_name="html5", settings_overrides={"report_level": 5})["body"])
print(publish_parts("x_", writer_name="pseudoxml", settings_overrides={"warning_stream": False})["whole"])
