"""OpenAI's own Python client against a running Millrace: embeddings, a file, a batch and its output.

usage: openai_smoke.py BASE_URL KEYS_JSON
"""

import json
import sys
import time

from openai import NotFoundError, OpenAI

MODEL = "local/all-minilm-l6-v2"
LINES = 20
WAIT_SECONDS = 60


def first_secret(node, wanted=("tenant", "default")):
    """Finds the tenant's key in keys.json: the first string below a name that is wanted, else the first secret."""
    if isinstance(node, str):
        return node
    if isinstance(node, dict):
        for name in wanted + ("secret", "key"):
            if name in node:
                found = first_secret(node[name], ("secret", "key"))
                if found:
                    return found
        for value in node.values():
            if isinstance(value, (dict, list)):
                found = first_secret(value, wanted)
                if found:
                    return found
    if isinstance(node, list):
        for value in node:
            found = first_secret(value, wanted)
            if found:
                return found
    return None


def embeds(client):
    answer = client.embeddings.create(model=MODEL, input=["the mill turns", "the wheel stands still"])
    assert [len(one.embedding) for one in answer.data] == [384, 384], "two embeddings of 384 dimensions"
    assert answer.usage.total_tokens > 0, "tokens are counted"


def refuses_an_unknown_model(client):
    try:
        client.embeddings.create(model="no-such-model", input="x")
    except NotFoundError as error:
        assert error.code == "model_not_found", error.code
        return
    raise AssertionError("an unknown model was answered")


def runs_a_batch(client):
    lines = "\n".join(
        json.dumps(
            {
                "custom_id": f"line-{number}",
                "method": "POST",
                "url": "/v1/embeddings",
                "body": {"model": MODEL, "input": f"passage number {number}"},
            }
        )
        for number in range(LINES)
    )
    file = client.files.create(file=("lines.jsonl", lines.encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint="/v1/embeddings", completion_window="24h")
    deadline = time.monotonic() + WAIT_SECONDS
    while batch.status not in ("completed", "failed", "expired", "cancelled"):
        assert time.monotonic() < deadline, f"batch is still {batch.status}"
        time.sleep(0.2)
        batch = client.batches.retrieve(batch.id)
    assert batch.status == "completed", batch
    assert (batch.request_counts.completed, batch.request_counts.failed) == (LINES, 0), batch.request_counts
    output = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
    assert sorted(line["custom_id"] for line in output) == sorted(f"line-{n}" for n in range(LINES))
    assert all(len(line["response"]["body"]["data"][0]["embedding"]) == 384 for line in output)


def main():
    base_url, keys = sys.argv[1:]
    with open(keys, encoding="utf-8") as file:
        client = OpenAI(base_url=base_url, api_key=first_secret(json.load(file)))
    for check in (embeds, refuses_an_unknown_model, runs_a_batch):
        check(client)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
