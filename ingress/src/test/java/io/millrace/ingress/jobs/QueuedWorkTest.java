package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.admission.QueueVerdict;
import io.millrace.ingress.admission.Queued;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuedWorkTest {

    private static final Codecs CODECS = TestCodecs.make();
    private static final TenantId ACME = new TenantId("acme");
    private static final String BATCH = "batch_00" + "0".repeat(26);

    private int endedLines;
    private Instant now = Samples.NOW;
    private final QueuedWork work = new QueuedWork(_ -> endedLines, () -> now);
    private final TopologyTestDriver driver;

    QueuedWorkTest(@TempDir Path directory) {
        driver = driver(directory);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void jobCountsUntilItEndsHoweverOftenItsRecordsComeAndInWhateverOrder() {
        accept(1, 100);
        accept(2, 50);
        accept(1, 100);
        assertThat(work.of(ACME)).isEqualTo(new Queued(2, 150));

        end(1);
        end(1);
        accept(1, 100);
        end(3);
        accept(3, 70);

        assertThat(work.of(ACME)).isEqualTo(new Queued(1, 50));
        end(2);
        assertThat(work.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    @Test
    void countsAreTheSameForWhoTakesThePartitionOver() {
        accept(1, 100);
        accept(2, 50);
        batch(BatchStatus.IN_PROGRESS);
        end(1);
        Queued before = work.of(ACME);

        QueuedWork next = new QueuedWork(_ -> endedLines, () -> now);
        ViewExtension.Follower follower = next.follow(new ViewPartition(0), new TestStores());

        assertThat(next.of(ACME)).isEqualTo(before).isEqualTo(new Queued(11, 1_050));
        assertThat(next.partitions()).isEqualTo(1);
        follower.ended(new JobId(Samples.job(2)), Samples.completed(Samples.job(2), ACME.value()));
        assertThat(next.of(ACME)).isEqualTo(new Queued(10, 1_000));
        follower.close();
        assertThat(next.of(ACME)).isEqualTo(Queued.NOTHING);
        assertThat(next.partitions()).isZero();
    }

    @Test
    void batchCountsTheLinesThatHaveNotEndedAndNothingAtTheEnd() {
        batch(BatchStatus.VALIDATING);
        batch(BatchStatus.IN_PROGRESS);
        endedLines = 4;
        assertThat(work.of(ACME)).isEqualTo(new Queued(6, 600));

        batch(BatchStatus.COMPLETED);

        assertThat(work.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    @Test
    void synchronousCallsAreNotCounted() {
        pipe(Samples.job(1), Samples.accepted(Samples.job(1), "acme", Samples.NOW));

        assertThat(work.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    @Test
    void jobIsCountedOnceFromItsEntryOn() {
        JobId job = new JobId(Samples.job(1));
        QueueVerdict let = work.enter(job, ACME, new Queued(1, 100), _ -> new QueueVerdict.Room());
        assertThat(let).isInstanceOf(QueueVerdict.Room.class);
        assertThat(work.of(ACME)).isEqualTo(new Queued(1, 100));

        accept(1, 100);
        assertThat(work.of(ACME)).isEqualTo(new Queued(1, 100));

        end(1);
        assertThat(work.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    @Test
    void whatWasLetInAndNeverWrittenIsForgotten() {
        work.enter(
                new JobId(Samples.job(1)), ACME, new Queued(1, 100), _ -> new QueueVerdict.Room());

        now = now.plus(Duration.ofSeconds(31));

        assertThat(work.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    private void accept(int number, long tokens) {
        String id = Samples.job(number);
        pipe(id, Samples.queued(id, "acme", tokens));
    }

    private void batch(BatchStatus status) {
        pipe(BATCH, Samples.batch(BATCH, "acme", status, 10, 1_000));
    }

    private void pipe(String id, JobsRecord record) {
        driver.createInputTopic(
                        Topic.JOBS.topicName(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(id, CODECS.jobs().encode(record));
    }

    private void end(int number) {
        InferenceResult result = Samples.completed(Samples.job(number), "acme");
        driver.createInputTopic(
                        Topic.RESULTS.topicName(),
                        new StringSerializer(),
                        new ByteArraySerializer())
                .pipeInput(Samples.job(number), CODECS.results().encode(result));
    }

    private TopologyTestDriver driver(Path directory) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "queue-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ViewSignals signals =
                new ViewSignals(
                        new Waiters(10),
                        meters.timer("delay"),
                        meters.counter("undecodable"),
                        () -> now);
        return new TopologyTestDriver(
                ViewTopology.of(CODECS, List.of(work), new HeldPartitions(), signals), settings);
    }

    /** What the stores of the partition hold, as another process takes them over. */
    private final class TestStores implements ViewExtension.Stores {

        @Override
        public KeyValueStore<String, byte[]> get(String name) {
            return driver.getKeyValueStore(name);
        }

        @Override
        public KeyValueStore<String, byte[]> shared() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<JobsRecord> record(String id) {
            return Optional.empty();
        }

        @Override
        public boolean ended(String id) {
            return false;
        }

        @Override
        public Optional<InferenceResult> result(String id) {
            return Optional.empty();
        }

        @Override
        public void emit(Topic topic, String key, byte[] value) {
            throw new IllegalStateException("nothing is emitted here");
        }
    }
}
