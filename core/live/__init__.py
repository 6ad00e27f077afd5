"""One watcher of the contest's revision, many listeners (server-sent events).

picture   what a listener sees, and the change from one moment to the next
channel   the shared log of messages, and the listeners that read along it
watcher   who looks at the contest when something was committed, and tells the channels
"""
