import markdown

text = """# Title

A *b* **c** `d` [e](http://f "g") &amp; <i>h</i>

1. one
2. two
    - nested

| a | b |
|---|--:|
| 1 | 2 |

```python
x = 1 < 2
```

[TOC]
"""
print(markdown.markdown(text, extensions=["tables", "fenced_code", "toc", "footnotes"]))
