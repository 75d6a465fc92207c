"""Limits of control groups, in trees of files as Linux shows them."""

import os

import psutil
import pytest

from dbt.adapters.sparksession import jvm, session
from dbt.adapters.sparksession.limits import cores, free_memory, memory_limit

MIB = 2**20
NO_LIMIT_OF_V1 = 9223372036854771712


@pytest.fixture
def tree(tmp_path):
    """Return a function that writes files below a folder, and that folder."""

    def write(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n")
        return tmp_path

    return write


def memory_v2(limit, used, files=0):
    stat = f"anon 1\ninactive_file {files}\nactive_file 7"
    return {"memory.max": limit, "memory.current": used, "memory.stat": stat}


def memory_v1(limit, used, files=0):
    return {
        "memory.limit_in_bytes": limit,
        "memory.usage_in_bytes": used,
        "memory.stat": f"inactive_file 1\ntotal_inactive_file {files}",
    }


def below(folder, files):
    return {f"{folder}/{name}": text for name, text in files.items()}


def test_without_groups_it_is_the_machine(tmp_path):
    memory = psutil.virtual_memory()
    assert memory_limit(tmp_path) == memory.total
    assert free_memory(tmp_path) == pytest.approx(memory.available, rel=0.2)
    assert cores(tmp_path) == len(os.sched_getaffinity(0))


def test_what_a_container_may_use_is_less_than_the_machine(tree):
    # as docker shows it: the container's own group is at the top
    root = tree(
        {"proc/self/cgroup": "0::/"}
        | below("sys/fs/cgroup", memory_v2(300 * MIB, 200 * MIB, files=50 * MIB))
        | {"sys/fs/cgroup/cpu.max": "50000 100000"}
    )
    assert memory_limit(root) == 300 * MIB
    assert free_memory(root) == 150 * MIB  # files that were read give way
    assert cores(root) == 1


def test_the_tightest_of_the_groups_around_counts(tree):
    root = tree(
        {"proc/self/cgroup": "0::/user.slice/build.scope"}
        | below("sys/fs/cgroup/user.slice/build.scope", memory_v2("max", 30 * MIB))
        # a neighbour in the same slice has taken much of it
        | below("sys/fs/cgroup/user.slice", memory_v2(400 * MIB, 390 * MIB))
        | below("sys/fs/cgroup", {"memory.stat": "anon 1"})  # the machine's own
    )
    assert memory_limit(root) == 400 * MIB
    assert free_memory(root) == 10 * MIB


def test_more_in_use_than_allowed_leaves_nothing(tree):
    top = memory_v2(100 * MIB, 130 * MIB)
    root = tree({"proc/self/cgroup": "0::/"} | below("sys/fs/cgroup", top))
    assert free_memory(root) == 0


def test_version_1_of_the_groups_is_known_too(tree):
    memory, cpu = "sys/fs/cgroup/memory", "sys/fs/cgroup/cpu,cpuacct"
    root = tree(
        {"proc/self/cgroup": "5:cpu,cpuacct:/job\n4:memory:/job/step\n0::/"}
        | below(f"{memory}/job/step", memory_v1(NO_LIMIT_OF_V1, 5 * MIB))
        | below(f"{memory}/job", memory_v1(200 * MIB, 150 * MIB, files=20 * MIB))
        | below(memory, memory_v1(NO_LIMIT_OF_V1, 10**12))
        | below(
            f"{cpu}/job", {"cpu.cfs_quota_us": 10_000, "cpu.cfs_period_us": 100_000}
        )
        | below(cpu, {"cpu.cfs_quota_us": -1, "cpu.cfs_period_us": 100_000})
    )
    assert memory_limit(root) == 200 * MIB
    assert free_memory(root) == 70 * MIB
    assert cores(root) == 1


def test_a_path_from_outside_the_container_leads_to_its_own_group(tree):
    # version 1 in docker: the path is the host's, the folder the container's
    root = tree(
        {"proc/self/cgroup": "4:memory:/docker/0a1b2c"}
        | below("sys/fs/cgroup/memory", memory_v1(64 * MIB, 4 * MIB))
    )
    assert memory_limit(root) == 64 * MIB
    assert free_memory(root) == 60 * MIB


@pytest.mark.parametrize(
    ("times", "expected"), [("max 100000", 2), ("150000 100000", 2), ("1000 100000", 1)]
)
def test_cores_are_counted_up_as_java_does(tree, monkeypatch, times, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    root = tree({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": times})
    assert cores(root) == expected


@pytest.mark.parametrize(
    ("limit", "heap", "of_small_input"),
    [(300, "150m", "150m"), (16_384, "8192m", "3072m"), (65_536, "12288m", "3072m")],
)
def test_the_heap_is_half_of_the_limit_and_less_for_little(
    tmp_path, monkeypatch, limit, heap, of_small_input
):
    monkeypatch.setattr(jvm, "memory_limit", lambda: limit * MIB)
    for input_dir, expected in ((None, heap), (tmp_path, of_small_input)):
        config = session.session_config(tmp_path, "/p", input_dir)
        assert config["spark.driver.memory"] == expected
