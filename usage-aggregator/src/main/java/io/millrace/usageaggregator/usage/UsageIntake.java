package io.millrace.usageaggregator.usage;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts bills in the cube and forwards what is none as a dead letter, in one transaction with the
 * offset. One stream thread uses it.
 */
final class UsageIntake implements Processor<byte[], Arrival, byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(UsageIntake.class);
    private static final Duration CLEANING = Duration.ofMinutes(1);

    private final Retention retention;
    private final Burial burial;
    private final IntakeObserver observer;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private CubeWriter cube;

    UsageIntake(Retention retention, Burial burial, IntakeObserver observer) {
        this.retention = retention;
        this.burial = burial;
        this.observer = observer;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
        KeyValueStore<Bytes, byte[]> store = given.getStateStore(UsageTopology.STORE);
        this.context = given;
        this.cube = new CubeWriter(store, retention);
        given.schedule(CLEANING, PunctuationType.WALL_CLOCK_TIME, this::clean);
    }

    @Override
    public void process(Record<byte[], Arrival> record) {
        RecordMetadata source = context.recordMetadata().orElseThrow();
        if (!cube.advance(source.offset())) {
            observer.seenAgain();
            return;
        }
        switch (record.value()) {
            case Arrival.Bill bill -> count(bill, record, source);
            case Arrival.Poison poison -> bury(poison, record, source);
        }
    }

    private void count(Arrival.Bill bill, Record<byte[], Arrival> record, RecordMetadata source) {
        Instant now = now();
        try {
            cube.add(bill, now);
        } catch (ArithmeticException _) {
            // No real bills add up to 2^63; counting on without this one beats standing still.
            bury(
                    new Arrival.Poison("overflow", "its sums do not fit", bill.value()),
                    record,
                    source);
            return;
        }
        Duration delay = Duration.between(bill.completedAt(), now);
        observer.counted(delay.isNegative() ? Duration.ZERO : delay);
    }

    private void bury(
            Arrival.Poison poison, Record<byte[], Arrival> record, RecordMetadata source) {
        observer.deadLettered();
        LOG.atWarn()
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("reason", poison.reason())
                .log("record of usage went to the dead letters");
        context.forward(burial.letter(poison, record, source, now()));
    }

    private void clean(long millis) {
        int dropped = cube.dropOld(Instant.ofEpochMilli(millis));
        if (dropped > 0) {
            LOG.atDebug().addKeyValue("cells", dropped).log("old cells dropped");
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
