package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies {@code jobs} to the view, and takes and releases its partition. */
final class JobsApplier implements Processor<String, byte[], Void, Void> {

    private static final Logger LOG = LoggerFactory.getLogger(JobsApplier.class);
    private static final byte[] PRESENT = {1};

    private final Codecs codecs;
    private final List<ViewExtension> extensions;
    private final HeldPartitions all;
    private final ViewSignals signals;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable Held held;

    JobsApplier(
            Codecs codecs,
            List<ViewExtension> extensions,
            HeldPartitions all,
            ViewSignals signals) {
        this.codecs = codecs;
        this.extensions = extensions;
        this.all = all;
        this.signals = signals;
    }

    @Override
    public void init(ProcessorContext<Void, Void> given) {
        ViewPartition partition = new ViewPartition(given.taskId().partition());
        KeyValueStore<String, byte[]> jobs = given.getStateStore(ViewTopology.JOBS);
        Held taken =
                new Held(
                        partition,
                        jobs,
                        given.getStateStore(ViewTopology.RESULTS),
                        given.getStateStore(ViewTopology.INDEX));
        context = given;
        held = taken;
        all.add(taken);
        // after it can be asked: followers begin with questions
        PartitionStores stores =
                new PartitionStores(given, jobs, taken.results(), codecs.jobs(), codecs.results());
        taken.followedBy(extensions.stream().map(each -> each.follow(partition, stores)).toList());
        // whoever waited for this partition elsewhere can look here now
        signals.waiters().wakeAll();
    }

    @Override
    public void process(Record<String, byte[]> record) {
        Held mine = held;
        ProcessorContext<Void, Void> given = context;
        if (mine == null || given == null || record.key() == null) {
            return;
        }
        try {
            apply(mine, record.key(), record.value());
        } catch (UndecodableException e) {
            signals.undecodable().increment();
            LOG.atError()
                    .addKeyValue("topic", Topic.JOBS.topicName())
                    .addKeyValue("partition", mine.partition().number())
                    .setCause(e)
                    .log("record cannot be decoded and is left out");
        }
        given.recordMetadata().ifPresent(at -> mine.applied(Topic.JOBS, at.offset()));
        signals.applied(record.key(), record.timestamp());
    }

    @Override
    public void close() {
        Held mine = held;
        if (mine != null) {
            held = null;
            all.remove(mine);
            mine.release();
            signals.waiters().wakeAll();
        }
    }

    private void apply(Held mine, String id, byte @Nullable [] value) {
        Optional<JobsRecord> before =
                Optional.ofNullable(mine.jobs().get(id)).map(codecs.jobs()::decode);
        if (value == null) {
            mine.jobs().delete(id);
            forget(mine, id, before);
            return;
        }
        JobsRecord now = codecs.jobs().decode(value);
        mine.jobs().put(id, value);
        if (now.getSpentKey() != null) {
            forget(mine, id, before);
            return;
        }
        if (before.isEmpty()) {
            IndexKey.of(id, now).ifPresent(key -> mine.index().put(key.text(), PRESENT));
        }
        mine.followers().forEach(follower -> follower.accepted(id, now));
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as it was found
    private static void forget(Held mine, String id, Optional<JobsRecord> before) {
        before.flatMap(record -> IndexKey.of(id, record))
                .ifPresent(key -> mine.index().delete(key.text()));
        mine.followers().forEach(follower -> follower.forgotten(id));
    }
}
