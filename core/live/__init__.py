"""One watcher of the contest's revision, many subscribers (server-sent events).

snapshot  what a subscriber sees, and the change from one snapshot to the next
channel   the shared log of messages, and its subscribers
watcher   reads the contest after each commit, and publishes new snapshots to the channels
"""
