"""Draws paper: certificates and signature sheets as PDF bytes.

Everything printed comes in as frozen dataclasses; bytes go out. Nothing here knows a request, a row or a
setting, and nothing is read from network while a page is drawn. ReportLab, Pillow and the typefaces take 15 MB and
0.03 s; they are loaded where a process first draws: most never do.
"""
