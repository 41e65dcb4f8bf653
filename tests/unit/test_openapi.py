"""The published contract held against the real answers, and the real answers against it."""

from __future__ import annotations

import json
from functools import cache

import pytest
import schemathesis
from schemathesis import Case, Config
from hypothesis import settings

from rates.answers import file
from rates.reader import Reader
from rates.settings import load
from tests.conftest import ENVIRONMENT
from tests.support import MemoryStore, ecb_publications
from tests.wsgi import application


@cache
def app():
    return application(Reader(MemoryStore(ecb_publications())), load(ENVIRONMENT))

config = Config.from_dict({"generation": {"deterministic": True, "database": "none"}})
schema = schemathesis.openapi.from_dict(json.loads(file("openapi.json")), config=config)
schema.app = lambda environ, start_response: app()(environ, start_response)
schema.location = "/v1/openapi.json"


@schema.parametrize()
@settings(max_examples=20, deadline=None)
def test_every_answer_is_as_the_contract_says(case: Case) -> None:
    case.call_and_validate()
