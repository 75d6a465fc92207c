"""What a profile may hold."""

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

    def resolve_paths(self, root: Path) -> None:
        """Let relative paths start at the folder of the project."""
        self.project_root = str(root)
        self.state_dir = str(root / self.state_dir)
        if self.input_dir is not None:
            self.input_dir = str(root / self.input_dir)
