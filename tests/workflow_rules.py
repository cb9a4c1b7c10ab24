"""What holds for every workflow, as rules over its text: rights, pins and what a shell runs."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# Whoever may write, and what; nobody else, and never for a pull request.
MAY_WRITE = {
    "links/weekly": {"contents", "issues"},
    "pages/deploy": {"pages", "id-token"},
}


class _AsWritten(yaml.SafeLoader):
    """YAML whose `on` stays a word, as GitHub reads it."""


_AsWritten.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_workflow(text: str) -> Any:
    """A workflow as data; raises YAMLError for what is none."""
    return yaml.load(text, _AsWritten)


def workflow_faults(text: str) -> Iterator[str]:
    """Everything in a workflow that could run foreign code or say more than it may."""
    for line in text.splitlines():
        if "uses:" in line and not PINNED.search(line):
            yield f"not pinned: {line.strip()}"
    if "secrets." in text:
        yield "a secret beside the run's own token"
    workflow = read_workflow(text)
    if workflow.get("permissions") != {}:
        yield "rights for every job"
    if "pull_request_target" in workflow["on"]:
        yield "foreign code with this repository's rights"
    for name, job in workflow["jobs"].items():
        for fault in _job_faults(f"{workflow['name']}/{name}", job, workflow["on"]):
            yield f"{name}: {fault}"


def _job_faults(name: str, job: Any, triggers: Any) -> Iterator[str]:
    rights = job.get("permissions", {"all": "write"})
    writes = {scope for scope, right in rights.items() if right != "read"}
    if writes != MAY_WRITE.get(name, set()):
        yield f"may write {sorted(writes)}"
    if writes and "pull_request" in triggers and "!= 'pull_request'" not in job.get("if", ""):
        yield "writes for a pull request"
    if "timeout-minutes" not in job:
        yield "no timeout"
    compares = "SINCE" in job.get("env", {})
    for step in job["steps"]:
        given = step.get("with", {})
        if "${{" in step.get("run", ""):
            yield f"an expression in a shell: {step['run']}"
        if "actions/checkout@" in step.get("uses", ""):
            if "contents" not in writes and given.get("persist-credentials") != "false":
                yield "keeps a token it does not need"
            if compares and given.get("fetch-depth") != 0:
                yield "compares with a history that is not there"


def run_lines(path: Path) -> list[str]:
    """Every line that a workflow gives to a shell."""
    jobs = read_workflow(path.read_text(encoding="utf-8"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    return [line for step in steps for line in step.get("run", "").splitlines()]


def line_fault(line: str, commands: click.Command) -> str:
    """Why a shell line is neither a target of make nor a `catalog` command; else nothing."""
    program, *arguments = shlex.split(line)
    if program == "make":
        targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))
        unknown = [word for word in arguments if word not in targets]
        return f"no such target: {unknown[0]}" if unknown else ""
    if program == ".venv/bin/catalog":
        return _catalog_fault(arguments, commands)
    return "" if program == ".ci/run" and not arguments else "neither make nor catalog"


def _catalog_fault(arguments: list[str], command: click.Command) -> str:
    """What click finds wrong with arguments, without running anything."""
    context, name = click.Context(command), "catalog"
    try:
        while isinstance(command, click.Group):
            found, below, arguments = command.resolve_command(context, arguments)
            assert found is not None and below is not None
            name, command = found, below
            context = click.Context(command, context, name)
        command.make_context(name, list(arguments), parent=context.parent)
    except click.UsageError as error:
        return error.format_message()
    return ""
