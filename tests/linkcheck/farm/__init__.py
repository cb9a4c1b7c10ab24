"""A farm of hosts that behave badly: one server on loopback, reached by any name.

`plays` are what an address can do to who asks for it, `hostile` is the table of all that the
checker must survive, `server` runs the hosts and `record` keeps what was done to them; `names`
leads every name there.
"""
