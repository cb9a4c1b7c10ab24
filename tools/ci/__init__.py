"""What the workflows do beside `catalog`: tell of progress, keep the memory, renew the issue.

`python -m tools.ci` is called by the make targets `tell-progress`, `keep-links`, `tell-links`.
"""
