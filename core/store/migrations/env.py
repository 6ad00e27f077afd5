"""What Alembic runs: the revisions, on the connection and in the transaction that `core.store.migrate` opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite too: the driver's own COMMIT before DDL is switched off in `engine`
)
context.run_migrations()
