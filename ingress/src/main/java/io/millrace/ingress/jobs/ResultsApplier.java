package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies {@code results} to the view. */
final class ResultsApplier implements Processor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(ResultsApplier.class);

    private final Codecs codecs;
    private final HeldPartitions all;
    private final ViewSignals signals;
    private @Nullable ProcessorContext<Void, Void> context;

    ResultsApplier(Codecs codecs, HeldPartitions all, ViewSignals signals) {
        this.codecs = codecs;
        this.all = all;
        this.signals = signals;
    }

    @Override
    public void init(ProcessorContext<Void, Void> given) {
        context = given;
    }

    @Override
    public void process(Record<String, byte[]> record) {
        ProcessorContext<Void, Void> given = context;
        if (given == null || record.key() == null) {
            return;
        }
        // taken by the applier of jobs, which belongs to the same task
        Held held = all.get(new ViewPartition(given.taskId().partition()));
        try {
            apply(held, record.key(), record.value());
        } catch (UndecodableException e) {
            signals.undecodable().increment();
            LOG.atError()
                    .addKeyValue("topic", Topic.RESULTS.topicName())
                    .addKeyValue("partition", held.partition().number())
                    .setCause(e)
                    .log("record cannot be decoded and is left out");
        }
        given.recordMetadata().ifPresent(at -> held.applied(Topic.RESULTS, at.offset()));
        signals.applied(record.key(), record.timestamp());
    }

    private void apply(Held held, String id, byte @Nullable [] value) {
        if (value == null) {
            held.results().delete(id);
            return;
        }
        Optional<JobId> job = JobId.parse(id);
        InferenceResult result = codecs.results().decode(value);
        held.results().put(id, value);
        job.ifPresent(known -> held.followers().forEach(follower -> follower.ended(known, result)));
    }
}
