"""One watcher of the contest's revision, many subscribers (server-sent events).

picture   what a subscriber sees, and the change from one moment to the next
channel   the shared log of messages, and the subscribers that read along it
watcher   who looks at the contest when something was committed, and tells the channels
"""
