"""Invoice to page: renditions for records without a file, and names that carry the source id.

Invariant: the same input gives the same bytes. It opens no file that came from outside.
"""
