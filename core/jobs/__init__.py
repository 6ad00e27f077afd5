"""Background work: jobs in the database, done by worker processes (`python -m core work`).

job_kind  what a kind of job is, and what its function is given
worker    claims jobs, runs them one at a time, and stores how they ended
"""
