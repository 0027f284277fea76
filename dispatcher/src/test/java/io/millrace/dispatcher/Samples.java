package io.millrace.dispatcher;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Registry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Values that tests of several rooms begin with. */
public final class Samples {

    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    public static final Slots SLOTS = new Slots(4);
    public static final String TENANT = "acme";
    public static final int HOME = SLOTS.of(TENANT);
    public static final TopicPartition REQUESTS =
            new TopicPartition(Topic.REQUESTS.topicName(), HOME);
    public static final String BODY = "{\"model\":\"m\",\"input\":\"hello\"}";

    private Samples() {}

    public static Codecs codecs() {
        MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
        Registry.register(registry, Topic.subjects());
        return Codecs.on(registry);
    }

    public static SlotState state() {
        return new SlotState(HOME, Map.of(REQUESTS, Frontier.at(0)), Map.of(), Map.of(), 0);
    }

    public static OwnedSlot slot() {
        return new Ownership().own(state());
    }

    public static Source requests(OwnedSlot slot) {
        return slot.source(REQUESTS).orElseThrow();
    }

    public static String jobId(int number) {
        return "job_01%026d".formatted(number);
    }

    public static Submit.Builder submit(int number) {
        return Submit.newBuilder()
                .setJobId(jobId(number))
                .setTenant(TENANT)
                .setKeyId("key")
                .setModel("m")
                .setAcceptedAt(NOON)
                .setRequest(request().build());
    }

    public static InferenceRequest.Builder request() {
        return InferenceRequest.newBuilder()
                .setEndpoint("/v1/embeddings")
                .setBody(payload(BODY.getBytes(StandardCharsets.UTF_8)));
    }

    public static Payload payload(byte[] bytes) {
        return new Payload(ByteBuffer.wrap(bytes), null);
    }
}
