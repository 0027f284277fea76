package io.millrace.ingress.jobs;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Registry;

/** Codecs on a registry in memory that knows every schema. */
final class TestCodecs {

    private TestCodecs() {}

    static Codecs make() {
        SchemaRegistryClient registry = new MockSchemaRegistryClient();
        Registry.register(registry, Topic.subjects());
        return Codecs.on(registry);
    }
}
