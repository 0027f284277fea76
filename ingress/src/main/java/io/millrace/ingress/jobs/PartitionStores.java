package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.Topic;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** The stores of one partition, as its followers see them. */
record PartitionStores(
        ProcessorContext<Void, Void> context,
        KeyValueStore<String, byte[]> jobs,
        KeyValueStore<String, byte[]> results,
        AvroCodec<JobsRecord> codec,
        AvroCodec<InferenceResult> resultCodec)
        implements ViewExtension.Stores {

    @Override
    public KeyValueStore<String, byte[]> get(String name) {
        return context.getStateStore(name);
    }

    @Override
    public KeyValueStore<String, byte[]> shared() {
        return get(ViewTopology.INDEX);
    }

    @Override
    public Optional<JobsRecord> record(String id) {
        return Optional.ofNullable(jobs.get(id)).map(codec::decode);
    }

    @Override
    public boolean ended(String id) {
        return results.get(id) != null;
    }

    @Override
    public Optional<InferenceResult> result(String id) {
        return Optional.ofNullable(results.get(id)).map(resultCodec::decode);
    }

    @Override
    @SuppressWarnings("unchecked") // what fills a store by Kafka's own means has no output by type
    public void emit(Topic topic, String key, byte[] value) {
        ProcessorContext<?, ?> any = context;
        ((ProcessorContext<String, byte[]>) any)
                .forward(
                        new Record<>(key, value, context.currentSystemTimeMs()),
                        ViewTopology.sink(topic));
    }
}
