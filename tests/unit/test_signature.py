"""Signatures are those of botocore's own signer."""

import datetime
from typing import Any

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rates.serving.signature import Signer

NOW = datetime.datetime(2026, 10, 30, 17, 0, 4, tzinfo=datetime.UTC)
HEADERS = {
    "host": "dynamodb.eu-central-1.amazonaws.com",
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.GetItem",
}
ENVIRONMENT = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "se/cr+et"}


def signed_by_botocore(
    headers: dict[str, str], body: bytes, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    monkeypatch.setattr(auth, "get_current_datetime", lambda: NOW)
    credentials = Credentials(signer.access_key, signer.secret_key, signer.token or None)
    request = AWSRequest("POST", f"https://{headers['host']}/", headers, body)
    auth.SigV4Auth(credentials, "dynamodb", signer.region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


@pytest.mark.parametrize("token", ["", "IQoJb3JpZ2luX2VjE//=="])
@pytest.mark.parametrize("host", [HEADERS["host"], "127.0.0.1:4566", "dynamodb.cn-north-1.amazonaws.com.cn"])
@pytest.mark.parametrize("region", ["eu-central-1", "cn-north-1"])
@pytest.mark.parametrize("body", [b"{}", '{"TableName": "å"}'.encode()])
def test_signature_equals_botocores(
    token: str, host: str, region: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {**HEADERS, "host": host}
    signer = Signer(region, "AKID", "se/cr+et", token)
    expected = signed_by_botocore(headers, body, signer, monkeypatch)
    assert signer.sign(headers, body, "20261030T170004Z") == expected


def test_signer_is_read_from_the_environment() -> None:
    assert Signer.from_environment(ENVIRONMENT) == Signer("eu-central-1", "AKID", "se/cr+et", "")
    with_token = Signer.from_environment({**ENVIRONMENT, "AWS_SESSION_TOKEN": "token"})
    assert with_token == Signer("eu-central-1", "AKID", "se/cr+et", "token")


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_incomplete_environment_is_an_error(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        Signer.from_environment({key: value for key, value in ENVIRONMENT.items() if key != name})
