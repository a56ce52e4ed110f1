"""Fixtures: the tool, and a builder that compiles test programs ahead of their tests, side by side."""
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import program as programs


@pytest.fixture(scope="session")
def gorace():
    path = programs.tool()
    if not os.access(path, os.X_OK):
        pytest.exit(f"{path} is missing: run ./dev build", returncode=2)
    return path


class Builder:
    """Builds each (source, compiler, flags) once; whoever asks first starts it, `ahead` starts early."""

    def __init__(self, gorace, folder):
        self.gorace, self.folder = gorace, folder
        self.pool = ThreadPoolExecutor(os.cpu_count() or 2)
        self.lock = threading.Lock()
        self.builds = {}

    def ahead(self, path, compiler, flags=("-O1",)):
        key = (str(path), compiler, tuple(flags))
        with self.lock:
            if key not in self.builds:
                output = self.folder / f"{len(self.builds)}-{path.stem}-{compiler}"
                self.builds[key] = self.pool.submit(
                    programs.compile_with, self.gorace, compiler, [path], output, flags)
            return self.builds[key]

    def __call__(self, path, compiler="gcc", flags=("-O1",)):
        return self.ahead(path, compiler, flags).result()


@pytest.fixture(scope="session")
def build(gorace, tmp_path_factory):
    builder = Builder(gorace, tmp_path_factory.mktemp("programs"))
    yield builder
    builder.pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def example(build):
    """example("payment_race") is that example's binary."""
    return lambda name, **how: build(programs.ROOT / "docs/examples" / f"{name}.c", **how)
