package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.serde.AvroCodec;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** The stores of one partition, as its followers see them. */
record PartitionStores(
        ProcessorContext<Void, Void> context,
        KeyValueStore<String, byte[]> jobs,
        KeyValueStore<String, byte[]> results,
        AvroCodec<JobsRecord> codec)
        implements ViewExtension.Stores {

    @Override
    public KeyValueStore<String, byte[]> get(String name) {
        return context.getStateStore(name);
    }

    @Override
    public Optional<JobsRecord> record(String id) {
        return Optional.ofNullable(jobs.get(id)).map(codec::decode);
    }

    @Override
    public boolean ended(String id) {
        return results.get(id) != null;
    }
}
