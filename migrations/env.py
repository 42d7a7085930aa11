"""Alembic's entrance: the address comes from whoever calls `models.schema.upgrade`."""

from alembic import context
from sqlmodel import SQLModel

import models
from models.work import database_url, engine

KNOWN = models.__all__  # importing the room is what makes every table known

url = context.config.attributes.get("url") or database_url()
with engine(url).begin() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    context.run_migrations()
