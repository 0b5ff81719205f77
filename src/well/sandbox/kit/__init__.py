"""What every stand-in needs: state, clock, OAuth server, faults, admin port, listening.

Invariant: nothing in the kit knows one provider. It is not meant to face the Internet: the
servers listen on the loopback address only.
"""
