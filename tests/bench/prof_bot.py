import cProfile, sys, threading, time, os, signal
from functools import partial
from bot import limits, telegram
ROOM = limits.Window(most=1_000_000, seconds=0.001)
telegram.Limits = partial(limits.Limits, private=ROOM, group=ROOM, everything=ROOM)
sys.argv = ["bot"]
import bot.__main__ as m
p = cProfile.Profile()
import asyncio
orig = m._live
p.enable()
m.main()
p.disable()
p.dump_stats("/tmp/w/up.prof")
