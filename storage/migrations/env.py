"""How Alembic runs our migrations: on the connection it is given, each in a transaction of its own."""

from alembic import context

from storage import team_schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=team_schema.approvals.metadata,  # from there, so that the tables of both files are in it
    transactional_ddl=True,  # Alembic takes SQLite for a database whose DDL cannot be rolled back; with BEGIN it can
    transaction_per_migration=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
