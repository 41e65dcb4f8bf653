"""The GitHub workflows: who gets which credentials, when, and what is installed before."""

import ast
import json
import re
import sys
from typing import Any

import pytest
import yaml

from tests.infra.stacks import PROJECT

WORKFLOWS = PROJECT / ".github" / "workflows"
DEPLOY = yaml.safe_load((WORKFLOWS / "deploy.yml").read_text())
CI = yaml.safe_load((WORKFLOWS / "ci.yml").read_text())
PREVIEW, DRIFT, UP = (DEPLOY["jobs"][job] for job in ("preview", "drift", "up"))
ROLES = {"preview": "AWS_PREVIEW_ROLE_ARN", "drift": "AWS_PREVIEW_ROLE_ARN", "up": "AWS_DEPLOY_ROLE_ARN"}
COMMANDS = {"preview": "pulumi preview", "drift": "pulumi preview", "up": "pulumi up"}
TRIGGERS = True  # the key `on`, as YAML 1.1 reads it
JOBS = pytest.mark.parametrize("job", ["preview", "drift", "up"])


def pinned(package: str) -> str:
    """Return the version of a package in requirements.txt."""
    found = re.search(rf"^{re.escape(package)}==(\S+)", (PROJECT / "requirements.txt").read_text(), re.M)
    assert found
    return found[1]


def steps(job: dict[str, Any]) -> list[str]:
    """Return the action or the command of each step."""
    return [step.get("uses", "").partition("@")[0] or step["run"] for step in job["steps"]]


@JOBS
def test_nothing_is_installed_once_there_are_credentials(job: str) -> None:
    *before, credentials, command = steps(DEPLOY["jobs"][job])
    assert credentials == "aws-actions/configure-aws-credentials"
    assert f"{COMMANDS[job]} --" in command
    assert " --refresh " in command  # so that the approver sees the plan that runs
    assert {"pulumi/actions", "make install-program"} < set(before)
    assert sum("pulumi plugin install resource aws" in step for step in before) == 1


@JOBS
def test_each_job_has_its_own_role_and_no_other(job: str) -> None:
    assert DEPLOY["jobs"][job]["steps"][-2]["with"]["role-to-assume"] == f"${{{{ vars.{ROLES[job]} }}}}"
    assert re.findall(r"AWS_\w+_ROLE_ARN", json.dumps(DEPLOY["jobs"][job])) == [ROLES[job]] * 2
    assert f"vars.{ROLES[job]} != ''" in DEPLOY["jobs"][job]["if"]


@JOBS
def test_only_the_pulumi_command_sees_the_passphrase(job: str) -> None:
    *others, command = DEPLOY["jobs"][job]["steps"]
    assert command["env"]["PULUMI_CONFIG_PASSPHRASE"] == "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}"
    rest = {**DEPLOY["jobs"][job], "steps": others}
    assert "secrets." not in json.dumps({**DEPLOY, "jobs": rest}, default=str)


@JOBS
def test_jobs_may_read_the_code_and_ask_for_their_role(job: str) -> None:
    assert DEPLOY["jobs"][job]["permissions"] == {"contents": "read", "id-token": "write"}


def test_previews_leave_pull_requests_from_forks_out() -> None:
    conditions = [part.strip() for part in PREVIEW["if"].split("&&")]
    assert "github.event_name == 'pull_request'" in conditions
    assert "github.event.pull_request.head.repo.full_name == github.repository" in conditions


def test_up_waits_for_the_success_of_ci_on_the_default_branch() -> None:
    assert DEPLOY[TRIGGERS]["workflow_run"] == {"workflows": [CI["name"]], "types": ["completed"]}
    assert {part.strip() for part in UP["if"].split("&&")} >= {
        "github.event_name == 'workflow_run'",
        "github.event.workflow_run.conclusion == 'success'",
        "github.event.workflow_run.event == 'push'",
        "github.event.workflow_run.head_branch == github.event.repository.default_branch",
    }
    assert UP["steps"][0]["with"]["ref"] == "${{ github.event.workflow_run.head_sha }}"


def test_drift_fails_the_nightly_job() -> None:
    assert re.fullmatch(r"\d+ \d+ \* \* \*", DEPLOY[TRIGGERS]["schedule"][0]["cron"])
    assert "github.event_name == 'schedule'" in DRIFT["if"]
    assert "--expect-no-changes" in steps(DRIFT)[-1]


MINE = {"Owner": "octo", "OwnerId": "123", "Repository": "rates", "RepositoryId": "456"}
CLAIMS = {
    "deploy": [f"environment:{UP['environment']}"],
    "preview": ["pull_request", "ref:refs/heads/main"],  # the second is the nightly job's
}
# Repositories that were created, renamed or moved since 2026-07-15 send the second form.
FORMS = ("repo:octo/rates:", "repo:octo@123/rates@456:")
OTHERS = ("repo:octo/rates2:", "repo:else/rates:", "repo:octo@123/rates@457:", "repo:octo@124/rates@456:")


def trusted(role: str) -> list[str]:
    """Return the subjects that a role trusts, with the placeholders filled in."""
    text = (PROJECT / "docs" / "github-trust-policy.json").read_text()
    for name, value in MINE.items():
        text = text.replace(f"${{{name}}}", value)
    [statement] = json.loads(text)[role]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    [(operator, claims)] = statement["Condition"].items()
    assert operator == "StringEquals"  # no wildcards
    assert claims["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    return list(claims["token.actions.githubusercontent.com:sub"])


@pytest.mark.parametrize("role", CLAIMS)
def test_a_role_trusts_its_own_jobs_in_both_forms_alone(role: str) -> None:
    assert sorted(trusted(role)) == sorted(form + claim for form in FORMS for claim in CLAIMS[role])
    [other] = set(CLAIMS) - {role}
    refused = [form + claim for form in FORMS for claim in CLAIMS[other]]
    refused += [form + claim for form in OTHERS for claim in CLAIMS[role]]
    assert not set(refused) & set(trusted(role))
    assert "environment" not in PREVIEW | DRIFT


def test_ci_runs_the_engine_tests_weekly_and_when_the_program_changes() -> None:
    engine, [compare] = CI["jobs"]["engine"], CI["jobs"]["changes"]["steps"][1:]
    assert steps(engine)[-1] == "make test-engine"
    assert engine["if"] == "needs.changes.outputs.engine == 'true'"
    paths = compare["env"]["PATHS"].split()
    assert {"infra", "requirements.txt"} < set(paths)
    assert all((PROJECT / path).exists() for path in paths)
    assert re.fullmatch(r"\d+ \d+ \* \* \d", CI[TRIGGERS]["schedule"][0]["cron"])


@pytest.mark.parametrize("job", [PREVIEW, DRIFT, UP, CI["jobs"]["engine"]])
def test_the_command_line_and_the_package_of_pulumi_have_one_version(job: dict[str, Any]) -> None:
    [installed] = [step for step in job["steps"] if step.get("uses", "").startswith("pulumi/actions@")]
    assert installed["with"] == {"pulumi-version": pinned("pulumi")}


@pytest.mark.parametrize("workflow", [CI, DEPLOY])
def test_each_action_is_pinned_to_a_commit(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)] == []


def test_no_version_that_must_stay_is_proposed() -> None:
    updates = yaml.safe_load((PROJECT / ".github" / "dependabot.yml").read_text())["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["github-actions", "pip"]
    fixed = re.findall(r"^(\S+)==", (PROJECT / "requirements.in").read_text(), re.M)
    assert {entry["dependency-name"] for entry in updates[1]["ignore"]} == {*fixed, "botocore"}


def test_install_program_installs_what_the_program_imports() -> None:
    imported = set()
    for module in [PROJECT / "__main__.py", *(PROJECT / "infra").glob("*.py")]:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    makefile = (PROJECT / "Makefile").read_text()
    installed = re.search(r"--constraint requirements\.txt (.+)$", makefile, re.M)
    assert installed
    packages = {package.replace("-", "_") for package in installed[1].split()}
    assert packages == imported - {"infra", *sys.stdlib_module_names}
