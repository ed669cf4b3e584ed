"""elevator.cpp in Python: it decides the same, and needs no compiler.

Rule. What is known to be wanted is queued at the device that the copy rule picks, by its address there. A device has
up to `max_in_flight` reads under way; the next is the nearest queued block in the direction of the sweep, and where
there is none the direction turns. When a node arrives its children in the range are queued. A failed read is tried
from the other copies, then its branch is left out.
"""
from bisect import bisect_left, insort

import headway


class Readahead:
    def __init__(self, range):
        self.range = range
        self.open = 0  # blocks that are queued or under way for it


class Shaft:
    """One device."""

    def __init__(self):
        self.queue = []  # (address, block), sorted
        self.at = 0
        self.up = True
        self.in_flight = 0


class Elevator(headway.Policy):
    """Each device sweeps up and down over all that is known to be wanted of it."""

    name = "elevator-py"
    source = "the example of headway's scenarios/own-policy/"
    copy = "round-robin"
    max_in_flight = headway.Parameter(
        6, "How many reads a device has under way at once.", unit="reads a device", low=1, high=1024)

    def __init__(self):
        self.shafts = [Shaft() for _ in self.world.devices]
        self.readaheads = {}  # by handle
        self.wants = {}  # by block that is queued or under way: for whom
        self.claimed = {}  # by block: how it will be read
        self.touched = []  # devices

    def add(self, handle, range):
        self.readaheads[handle] = Readahead(range)
        self.want(self.world.forest.trees[range.tree].root, handle, None)
        if self.readaheads[handle].open == 0:
            self.world.finish(handle)
        self.go_on()

    def complete(self, read, error):
        self.shafts[read.device].in_flight -= 1
        self.touched.append(read.device)
        there = error == 0 or self.world.holds(read.block)
        again = None if there else self.world.retry(read)
        if again:
            self.shafts[again.device].in_flight += 1
        else:
            self.give_out(read.block, there)
        self.go_on()

    def want(self, block, handle, top):
        """What is in memory is looked through at once, and so on downwards."""
        world, readahead = self.world, self.readaheads[handle]
        wishes = [(block, top)]
        while wishes:
            block, top = wishes.pop()
            if world.holds(block):
                world.hit(block)
                wishes += world.children(block, readahead.range, top)
                continue
            readahead.open += 1
            if block not in self.wants:
                self.queue(block)
            self.wants.setdefault(block, []).append((handle, top))

    def queue(self, block):
        read = self.world.read_of(block)
        self.world.claim(read)
        insort(self.shafts[read.device].queue, (read.physical, block))
        self.claimed[block] = read
        self.touched.append(read.device)

    def give_out(self, block, there):
        """The block has come, or is given up: those who wanted it go on."""
        for handle, top in self.wants.pop(block):
            readahead = self.readaheads[handle]
            if there:
                for child, child_top in self.world.children(block, readahead.range, top):
                    self.want(child, handle, child_top)
            readahead.open -= 1
            if readahead.open == 0:
                self.world.finish(handle)

    def go_on(self):
        """Devices that have room, or something more to read."""
        while self.touched:
            shaft = self.shafts[self.touched.pop()]
            while shaft.in_flight < self.max_in_flight and shaft.queue:
                self.read_next(shaft)

    def read_next(self, shaft):
        next = bisect_left(shaft.queue, (shaft.at, 0))
        if next == (len(shaft.queue) if shaft.up else 0):
            shaft.up = not shaft.up
        if not shaft.up:
            next -= 1
        shaft.at, block = shaft.queue.pop(next)
        read = self.claimed.pop(block)
        self.world.release(read)
        if self.world.holds(block):  # somebody else has brought it
            self.world.hit(read)
            self.give_out(block, True)
        else:
            self.world.issue_claimed(read)
            shaft.in_flight += 1
