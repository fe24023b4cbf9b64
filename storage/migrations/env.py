"""How Alembic runs our migrations: on the connection it is given, each in a transaction of its own."""

from alembic import context

from storage import memory_schema, team_schema

context.configure(
    connection=context.config.attributes["connection"],
    # From there, so that the tables of all files are in it.
    target_metadata=[*{table.metadata for table in (team_schema.approvals, memory_schema.job_known)}],
    transactional_ddl=True,  # Alembic takes SQLite for a database whose DDL cannot be rolled back; with BEGIN it can
    transaction_per_migration=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
