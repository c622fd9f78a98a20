"""Writes expected-by-python.json: what an evaluator that shares no code with ours answers, null where it is not asked.

    python3 -m venv venv
    venv/bin/pip install openfeature-provider-flagd==0.5.2
    venv/bin/python test/flag-client/vectors/make-vectors.py

It is asked for ASCII alone: it hashes UTF-8, the reference UTF-16, so beyond ASCII the two put users in different
buckets. Its SDK drops an empty targeting key.
"""
import json
import os

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext

here = os.path.dirname(os.path.abspath(__file__))


def load(name):
    with open(os.path.join(here, name), encoding="utf-8") as file:
        return json.load(file)


flags = load("flags.json")["flags"]
users = load("users.json")
api.set_provider(
    FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=os.path.join(here, "flags.json"))
)
client = api.get_client()


def variant_of(key, user):
    if not user or not user.isascii():
        return None
    context = EvaluationContext(targeting_key=user)
    value = next(iter(flags[key]["variants"].values()))
    ask = {
        bool: lambda: client.get_boolean_details(key, False, context),
        str: lambda: client.get_string_details(key, "", context),
        int: lambda: client.get_integer_details(key, 0, context),
        dict: lambda: client.get_object_details(key, {}, context),
    }[type(value)]
    return ask().variant


expected = {key: [variant_of(key, user) for user in users] for key in flags}
with open(os.path.join(here, "expected-by-python.json"), "w", encoding="utf-8") as file:
    file.write(json.dumps(expected, separators=(",", ":")) + "\n")
print(sum(variant is not None for variants in expected.values() for variant in variants), "vectors")
api.shutdown()
