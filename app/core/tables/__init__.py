"""Tables that are written in a way of their own: only added to, or filled with many rows at once; and statements that
are written once.
"""
