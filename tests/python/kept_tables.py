"""Tables and folders as a build left them, to begin each test from, without a build."""

import os
import shutil
import sqlite3
from contextlib import closing

CATALOG = "iceberg_tables"
OF_SCHEMA = "where table_namespace = ?"


class KeptTables:
    """A schema of the lakehouse, and folders beside it, as they are at one moment.

    Iceberg writes a file once: links to the files, and the lines of the catalog that
    name them, are a whole copy. The folders are copied byte by byte.
    """

    def __init__(self, state_dir, schema, folders, kept):
        self._catalog, self._schema = state_dir / "catalog.db", schema
        self._tables = state_dir / "warehouse" / schema
        self._kept = {folder: kept / str(n) for n, folder in enumerate(folders)}
        self._kept_tables = kept / "tables"
        shutil.copytree(self._tables, self._kept_tables, copy_function=os.link)
        for folder, copy in self._kept.items():
            shutil.copytree(folder, copy, symlinks=True)
        with closing(sqlite3.connect(self._catalog, timeout=30)) as catalog:
            find = f"select * from {CATALOG} {OF_SCHEMA}"
            self._lines = catalog.execute(find, (schema,)).fetchall()

    def restore(self):
        """Bring all of it back, and nothing but it."""
        for folder, copy in self._kept.items():
            shutil.rmtree(folder)
            shutil.copytree(copy, folder, symlinks=True)
        shutil.rmtree(self._tables)
        shutil.copytree(self._kept_tables, self._tables, copy_function=os.link)
        values = ", ".join("?" * len(self._lines[0]))
        with closing(sqlite3.connect(self._catalog, timeout=30)) as catalog, catalog:
            catalog.execute(f"delete from {CATALOG} {OF_SCHEMA}", (self._schema,))
            catalog.executemany(f"insert into {CATALOG} values ({values})", self._lines)
