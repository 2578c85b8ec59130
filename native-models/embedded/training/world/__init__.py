"""The procedural world: every picture and caption the embedded model learns from.

``labels`` decides what is shown, ``scene`` draws it, ``media`` turns the drawing into watercolour, ink and so on, and
``captions`` words it. Nothing here comes from outside.
"""
