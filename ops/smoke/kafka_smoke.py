"""Confluent's own Python client at the Kafka door of a running Millrace: jobs, their results, and a record that is none.

usage: kafka_smoke.py PORTS_JSON TENANT
"""

import json
import sys
import time

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

MODEL = "local/all-minilm-l6-v2"
JOBS = 20
WAIT_SECONDS = 90


def await_schema(registry, subject):
    """Returns the schema once the door is open, which is soon after the start."""
    deadline = time.time() + WAIT_SECONDS
    while True:
        try:
            return registry.get_latest_version(subject).schema.schema_str
        except Exception:
            if time.time() > deadline:
                raise
            time.sleep(0.5)


def produce(bootstrap, registry, inbox):
    """Produces jobs, each twice under one idempotency key, and a record that is none."""
    serialize = AvroSerializer(
        registry, await_schema(registry, f"{inbox}-value"), conf={"auto.register.schemas": False}
    )
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    failed = []

    def acknowledged(error, _):
        if error is not None:
            failed.append(error)

    for number in range(JOBS):
        body = json.dumps({"model": MODEL, "input": f"the mill turns {number}"}).encode()
        request = {"endpoint": "/v1/embeddings", "body": {"inline": body}}
        value = serialize(request, SerializationContext(inbox, MessageField.VALUE))
        for _ in range(2):
            producer.produce(
                inbox,
                key=f"job-{number}",
                value=value,
                headers={"idempotency-key": f"smoke-{number}", "ce_id": f"event-{number}"},
                on_delivery=acknowledged,
            )
    producer.produce(inbox, key="poison", value=b"hello", on_delivery=acknowledged)
    producer.flush(WAIT_SECONDS)
    assert not failed, failed


def consume(bootstrap, registry, tenant):
    """Returns the results by the keys of what they answer."""
    topic = f"results.{tenant}"
    deserialize = AvroDeserializer(registry)
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"{tenant}.smoke",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    consumer.subscribe([topic])
    results = {}
    deadline = time.time() + WAIT_SECONDS
    quiet = None
    # a little longer than needed, so that a second result of a job would be seen
    while time.time() < deadline and (quiet is None or time.time() < quiet):
        message = consumer.poll(0.5)
        if message is not None and message.error() is None:
            context = SerializationContext(topic, MessageField.VALUE)
            result = deserialize(message.value(), context)
            results.setdefault(message.key().decode(), []).append((result, dict(message.headers())))
        if quiet is None and len(results) > JOBS:
            quiet = time.time() + 2
    consumer.close()
    return results


def main():
    ports, tenant = sys.argv[1:]
    with open(ports, encoding="utf-8") as file:
        ports = json.load(file)
    bootstrap = f"127.0.0.1:{ports['kafka']}"
    registry = SchemaRegistryClient({"url": f"http://127.0.0.1:{ports['registry']}/apis/ccompat/v7"})
    produce(bootstrap, registry, f"inbox.{tenant}")
    results = consume(bootstrap, registry, tenant)
    assert sorted(results) == sorted([f"job-{n}" for n in range(JOBS)] + ["poison"]), sorted(results)
    for key, found in results.items():
        assert len(found) == 1, (key, len(found))
        result, headers = found[0]
        assert headers["ce_specversion"] == b"1.0" and headers["content-type"] == b"application/avro", headers
        if key == "poison":
            assert result["status"] == "FAILED" and result["error"]["code"] == "undecodable", result
        else:
            assert result["status"] == "COMPLETED", (key, result["error"])
            assert headers["ce_id"] == key.replace("job", "event").encode(), headers
            answer = json.loads(result["body"]["inline"])
            assert len(answer["data"][0]["embedding"]) == 384, answer
    print(f"kafka: {JOBS} jobs answered once each, one record that is none refused")


if __name__ == "__main__":
    main()
