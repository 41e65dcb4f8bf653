"""The environment of the processes: without the user's AWS settings and those of other emulators."""

import os
from pathlib import Path

# Settings that the user may have for another MiniStack or LocalStack.
FOREIGN = ("EDGE_PORT", "LAMBDA_", "LOCALSTACK_", "MINISTACK_", "S3_", "SERVICES")


def isolate() -> None:
    """Remove the user's AWS settings from this process, so that no command can reach a real account."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true"
    )


def of_ministack(port: int, region: str, scratch: Path, auth: bool) -> dict[str, str]:
    """Return the environment of MiniStack, which its functions inherit: this process's one with changes."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    no_proxy = ",".join(
        filter(None, (kept.get("no_proxy") or kept.get("NO_PROXY"), "127.0.0.1", "localhost"))
    )
    return {
        **kept,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": region,
        "AUTH": str(auth).lower(),
        "TMPDIR": str(scratch),
        "TZ": "UTC",  # as in Lambda
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "LOG_LEVEL": "INFO",
        "USE_SSL": "0",
        "PERSIST_STATE": "0",
        # Without Docker, and without listeners on other ports.
        "DOCKER_HOST": "unix:///nonexistent",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
