"""What a profile may hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbt.adapters.spark.connections import SparkConnectionMethod, SparkCredentials

from dbt.adapters.sparksession.machine import STATE_DIR


@dataclass
class SparkSessionCredentials(SparkCredentials):
    """A profile: `type` and `schema`, and, where the defaults do not fit, the rest."""

    master: str = "local[*]"
    state_dir: str = STATE_DIR
    input_dir: str | None = None  # what a build reads: small, and the JVM knows it
    spark_config: dict[str, Any] = field(default_factory=dict)
    preload: list[str] = field(default_factory=list)  # modules that take long to import
    project_root: str = ""

    def __post_init__(self) -> None:
        self.method = SparkConnectionMethod.SESSION
        self.host = self.master
        super().__post_init__()

    @property
    def type(self) -> str:
        return "sparksession"

    def _connection_keys(self) -> tuple[str, ...]:
        return "master", "schema", "state_dir", "input_dir", "spark_config", "preload"

    def connection_info(
        self, *, with_aliases: bool = False
    ) -> Iterable[tuple[str, Any]]:
        """Yield what `target` knows, with paths that move along with the project."""
        for key, value in super().connection_info(with_aliases=with_aliases):
            is_path = key in ("state_dir", "input_dir") and value is not None
            yield key, in_project(value, self.project_root) if is_path else value

    def resolve_paths(self, root: Path) -> None:
        """Let relative paths start at the folder of the project."""
        self.project_root = str(root)
        self.state_dir = str(root / self.state_dir)
        if self.input_dir is not None:
            self.input_dir = str(root / self.input_dir)


def in_project(path: str, root: str) -> str:
    """Return a path relative to the project's folder, if it lies in there."""
    if not root or ".." in Path(path).parts or not Path(path).is_relative_to(root):
        return path
    return str(Path(path).relative_to(root))
