"""The hub: one small process that sends new posts to every open page and, embedded, serves the public folder.

It knows no Django and no post: rows with finished fragments come in, bytes go out.
"""
