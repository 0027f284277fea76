"""OpenAI's own Python client against a running Millrace: embeddings, webhooks, a file, a batch and its output.

usage: openai_smoke.py BASE_URL KEYS_JSON
"""

import json
import queue
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import BadRequestError, InvalidWebhookSignatureError, NotFoundError, OpenAI

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


class Receiver(BaseHTTPRequestHandler):
    """Somebody's server that takes events."""

    came = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.came.put((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def is_called_back(client):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hook"

    made = client.webhooks.create(name="smoke", url=url, event_types=["batch.failed"])
    assert made.signing_secret.startswith("whsec_"), "the secret is shown when it is made"
    changed = client.webhooks.update(made.id, event_types=["batch.completed", "batch.failed"])
    assert changed.event_types == ["batch.completed", "batch.failed"], changed
    assert client.webhooks.retrieve(made.id) == changed
    others = [client.webhooks.create(name=f"smoke {n}", url=url, event_types=["batch.expired"]).id for n in range(3)]
    assert [one.id for one in client.webhooks.list(limit=2)] == others[::-1] + [made.id], "pages follow each other"
    for other in others:
        assert client.webhooks.delete(other).deleted
    assert "batch.completed" in client.webhooks.event_types.list().data
    try:
        client.webhooks.create(name="wrong", url="ftp://127.0.0.1/", event_types=["batch.failed"])
        raise AssertionError("an address that is none was taken")
    except BadRequestError as error:
        assert error.param == "url", error.body

    tried = client.webhooks.test(made.id, event_type="batch.failed")
    assert (tried.status_code, tried.success) == (204, True), tried
    headers, body = Receiver.came.get(timeout=WAIT_SECONDS)
    assert client.webhooks.unwrap(body, headers, secret=made.signing_secret).type == "batch.failed"

    rotated = client.webhooks.rotate_secret(made.id, keep_old_secret_active_for_24_hours=True)
    batch = runs_a_batch(client)
    headers, body = Receiver.came.get(timeout=WAIT_SECONDS)
    for secret in (made.signing_secret, rotated.signing_secret):
        event = client.webhooks.unwrap(body, headers, secret=secret)
        assert (event.type, event.data.id, event.object) == ("batch.completed", batch.id, "event"), event
    try:
        client.webhooks.unwrap(body + b" ", headers, secret=rotated.signing_secret)
        raise AssertionError("an event that was changed on its way was taken")
    except InvalidWebhookSignatureError:
        pass
    client.webhooks.delete(made.id)
    server.shutdown()


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
    return batch


def main():
    base_url, keys = sys.argv[1:]
    with open(keys, encoding="utf-8") as file:
        client = OpenAI(base_url=base_url, api_key=first_secret(json.load(file)))
    for check in (embeds, refuses_an_unknown_model, is_called_back):
        check(client)
        print(f"ok {check.__name__}", flush=True)


if __name__ == "__main__":
    main()
