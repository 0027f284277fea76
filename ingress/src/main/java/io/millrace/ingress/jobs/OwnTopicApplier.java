package io.millrace.ingress.jobs;

import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the records of an extension's own topic to its follower. */
final class OwnTopicApplier implements Processor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(OwnTopicApplier.class);

    private final Topic topic;
    private final int extension;
    private final HeldPartitions all;
    private final ViewSignals signals;
    private @Nullable ProcessorContext<Void, Void> context;

    /**
     * Applies one topic.
     *
     * @param extension place of its extension, and so of its follower, among all
     */
    OwnTopicApplier(Topic topic, int extension, HeldPartitions all, ViewSignals signals) {
        this.topic = topic;
        this.extension = extension;
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
            held.followers().get(extension).read(record.key(), record.value());
        } catch (UndecodableException e) {
            signals.undecodable().increment();
            LOG.atError()
                    .addKeyValue("topic", topic.topicName())
                    .addKeyValue("partition", held.partition().number())
                    .setCause(e)
                    .log("record cannot be decoded and is left out");
        }
    }
}
