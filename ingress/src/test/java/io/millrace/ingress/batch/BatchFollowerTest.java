package io.millrace.ingress.batch;

import static io.millrace.ingress.batch.Records.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.JobId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A follower on a real store of Kafka Streams. */
class BatchFollowerTest {

    @TempDir java.nio.file.Path state;

    private final Map<String, JobsRecord> records = new HashMap<>();
    private final List<String> news = new ArrayList<>();
    private TopologyTestDriver driver;
    private KeyValueStore<String, byte[]> store;

    @BeforeEach
    void makeTheStore() {
        Topology topology = new Topology();
        topology.addSource("in", "in");
        topology.addProcessor("idle", Idle::new, "in");
        topology.addStateStore(BatchStore.builder(), "idle");
        Properties settings = new Properties();
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        driver = new TopologyTestDriver(topology, settings);
        store = driver.getKeyValueStore(BatchStore.NAME);
    }

    @AfterEach
    void closeTheStore() {
        driver.close();
    }

    @Test
    void batchIsOpenFromItsCreationToItsEnd() {
        // Given
        BatchFollower follower = follower();

        // When
        accept(follower, Records.validating());

        // Then
        assertThat(follower.open()).containsExactly(BATCH);
        assertThat(follower().open()).containsExactly(BATCH);
        assertThat(news).containsExactly("changed");

        // When
        accept(follower, ended());

        // Then
        assertThat(follower.open()).isEmpty();
        assertThat(follower().open()).isEmpty();
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void progressSurvivesTheFollower() {
        // Given
        BatchFollower follower = follower();
        accept(follower, Records.inProgress(3000));
        end(follower, Records.completed(1, "{}"));
        end(follower, Records.ended(2999, JobStatus.FAILED).build());
        end(follower, Records.ended(3000, JobStatus.EXPIRED).build());

        // When
        Progress progress = follower().progress(BATCH);

        // Then
        assertThat(progress).isEqualTo(follower.progress(BATCH));
        assertThat(progress.completed()).isEqualTo(1);
        assertThat(progress.failed()).isEqualTo(1);
        assertThat(progress.expired()).isEqualTo(1);
        assertThat(progress.tokens().input()).isEqualTo(30);
        assertThat(progress.costNanoUsd()).isEqualTo(21);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void replayFromAnyPointByANewFollowerCountsNothingTwice(long seed) {
        // Given
        Random random = new Random(seed);
        List<InferenceResult> log = new ArrayList<>();
        for (int line = 1; line <= 2100; line++) {
            log.add(
                    Records.ended(
                                    line,
                                    random.nextBoolean() ? JobStatus.COMPLETED : JobStatus.FAILED)
                            .build());
        }
        int crash = random.nextInt(log.size());
        int committed = random.nextInt(crash + 1);
        BatchFollower former = follower();
        accept(former, Records.inProgress(log.size()));
        log.subList(0, crash).forEach(result -> end(former, result));

        // When
        BatchFollower successor = follower();
        log.subList(committed, log.size()).forEach(result -> end(successor, result));

        // Then
        Progress expected =
                log.stream()
                        .map(LineEnd::of)
                        .map(Progress::of)
                        .reduce(Progress.NONE, Progress::plus);
        assertThat(successor.progress(BATCH)).isEqualTo(expected);
    }

    @Test
    void resultThatComesBeforeItsBatchIsKnownIsCounted() {
        // Given
        BatchFollower follower = follower();

        // When
        end(follower, Records.completed(1, "{}"));
        accept(follower, Records.inProgress(1));

        // Then
        assertThat(follower.progress(BATCH).completed()).isEqualTo(1);
    }

    @Test
    void resultOfABatchThatIsOverLeavesNothingBehind() {
        // Given
        BatchFollower follower = follower();
        accept(follower, ended());

        // When
        end(follower, Records.completed(1, "{}"));

        // Then
        assertThat(store.approximateNumEntries()).isZero();
    }

    @Test
    void resultWhoseIdIsNotThatOfItsLineIsIgnored() {
        // Given
        BatchFollower follower = follower();
        accept(follower, Records.inProgress(2));

        // When
        follower.ended(BATCH.line(2), Records.completed(1, "{}"));

        // Then
        assertThat(follower.progress(BATCH)).isEqualTo(Progress.NONE);
    }

    @Test
    void deletedBatchIsForgotten() {
        // Given
        BatchFollower follower = follower();
        accept(follower, Records.inProgress(2));
        end(follower, Records.completed(1, "{}"));

        // When
        follower.forgotten(BATCH.value());

        // Then
        assertThat(follower.open()).isEmpty();
        assertThat(store.approximateNumEntries()).isZero();
    }

    private BatchFollower follower() {
        return new BatchFollower(
                new BatchStore(store),
                id -> Optional.ofNullable(records.get(id)),
                new BatchFollower.Listener() {
                    @Override
                    public void changed(BatchId batch) {
                        news.add("changed");
                    }

                    @Override
                    public void progressed(BatchId batch) {
                        news.add("progressed");
                    }
                });
    }

    private void accept(BatchFollower follower, BatchState batch) {
        JobsRecord record = JobsRecord.newBuilder().setBatch(batch).build();
        records.put(batch.getBatchId(), record);
        follower.accepted(batch.getBatchId(), record);
    }

    private static void end(BatchFollower follower, InferenceResult result) {
        follower.ended(new JobId(result.getJobId()), result);
    }

    private static BatchState ended() {
        return Transition.ended(
                Records.inProgress(1),
                Progress.NONE,
                Optional.empty(),
                Optional.empty(),
                Records.NOW);
    }

    /** Does nothing: the store alone is wanted. */
    private static final class Idle implements Processor<String, byte[], Void, Void> {

        @Override
        public void process(Record<String, byte[]> record) {
            // nothing
        }
    }
}
