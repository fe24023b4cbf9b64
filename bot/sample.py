"""A small list to try the bot with. Its numbers belong to nobody.

They are from ranges that regulators keep for films and examples: NANPA's 555-01xx, Ofcom's and ACMA's numbers for
drama, the Bundesnetzagentur's for media.
"""

SAMPLE_NAME = "sample.txt"
SAMPLE = b"""\
+1 202 555 0123
+1 (202) 555-0145
001 212 555 0167
+1-415-555-0171
+44 20 7946 0018
+44 (0)131 496 0022
0044 121 496 0733
+61 491 570 156
tel:+61-491-570-157
+61.491.570.158
+49 30 23125 006
0049 30 23125-106
+1-202-555-0123
+1 202 555
"""
