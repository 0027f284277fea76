package io.millrace.ingress.jobs;

import static io.millrace.ingress.jobs.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.jobs.ListQuery.Kind;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTopologyTest {

    private static final ViewPartition PARTITION = new ViewPartition(0);
    private static final Codecs CODECS = TestCodecs.make();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HeldPartitions held = new HeldPartitions();
    private final Waiters waiters = new Waiters(10);
    private final RecordingExtension extension = new RecordingExtension();
    private final LocalView local =
            new LocalView(
                    held,
                    CODECS,
                    (_, _) -> PartitionEnd.NOTHING,
                    waiters,
                    () -> NOW,
                    Duration.ZERO);

    private final TopologyTestDriver driver;
    private boolean closed;
    private final TestInputTopic<String, byte[]> jobs;
    private final TestInputTopic<String, byte[]> results;

    ViewTopologyTest(@TempDir Path directory) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "view-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        ViewSignals signals =
                new ViewSignals(
                        waiters, meters.timer("delay"), meters.counter("undecodable"), () -> NOW);
        driver =
                new TopologyTestDriver(
                        ViewTopology.of(CODECS, List.of(extension), held, signals), settings);
        jobs =
                driver.createInputTopic(
                        Topic.JOBS.topicName(), new StringSerializer(), new ByteArraySerializer());
        results =
                driver.createInputTopic(
                        Topic.RESULTS.topicName(),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        // a test that lets go of the partition has closed it already
        if (!closed) {
            closed = true;
            driver.close();
        }
    }

    @Test
    void anAcceptedJobIsSeenAndThenItsResult() {
        String id = accept(1, "acme");

        assertThat(local.find(PARTITION, id).record()).isPresent();
        assertThat(local.find(PARTITION, id).result()).isEmpty();

        end(id, "acme");

        assertThat(local.find(PARTITION, id).result()).isPresent();
    }

    @Test
    void whatIsAppliedWhileOneAsksIsFoundWithoutAskingKafka() {
        LocalView alone =
                new LocalView(
                        held,
                        CODECS,
                        (_, _) -> {
                            throw new AssertionError("Kafka was asked");
                        },
                        waiters,
                        () -> NOW,
                        Duration.ofSeconds(10));
        String id = Samples.job(1);
        CompletableFuture<Sighting> answer =
                CompletableFuture.supplyAsync(() -> alone.find(PARTITION, id));
        while (waiters.waiting() == 0) {
            Thread.onSpinWait();
        }

        accept(1, "acme");

        assertThat(answer).succeedsWithin(Duration.ofSeconds(5)).matches(seen -> !seen.empty());
    }

    @Test
    void theSameRecordsASecondTimeChangeNothing() {
        String id = accept(1, "acme");
        accept(1, "acme");
        end(id, "acme");
        end(id, "acme");

        assertThat(list("acme", 10, false, Optional.empty())).containsExactly(id);
    }

    @Test
    void aTombstoneForgetsTheRecordAndItsPlaceInLists() {
        String id = accept(1, "acme");

        jobs.pipeInput(id, null);

        assertThat(local.find(PARTITION, id).empty()).isTrue();
        assertThat(list("acme", 10, false, Optional.empty())).isEmpty();
        assertThat(extension.seen).containsExactly("taken", "accepted " + id, "forgotten " + id);
    }

    @Test
    void listsAreOfOneTenantNewestFirstAndGoOnWhereTheyStopped() {
        accept(1, "acme");
        accept(2, "other");
        accept(3, "acme");
        accept(4, "acme");

        assertThat(list("acme", 2, false, Optional.empty()))
                .containsExactly(Samples.job(4), Samples.job(3));
        assertThat(list("acme", 2, false, key(3))).containsExactly(Samples.job(1));
        assertThat(list("acme", 2, true, Optional.empty()))
                .containsExactly(Samples.job(1), Samples.job(3));
        assertThat(list("acme", 2, true, key(3))).containsExactly(Samples.job(4));
    }

    @Test
    void listsCanBeOfSomeStatesOnly() {
        accept(1, "acme");
        end(accept(2, "acme"), "acme");

        ListQuery query =
                new ListQuery(new TenantId("acme"), Kind.JOB, 10, false, "", Set.of("completed"));

        assertThat(local.list(query, Optional.empty()))
                .extracting(Listed::id)
                .containsExactly(Samples.job(2));
    }

    @Test
    void poisonIsLeftOutAndCountedAndWhatFollowsIsApplied() {
        jobs.pipeInput(Samples.job(9), new byte[] {1, 2, 3});
        results.pipeInput(Samples.job(9), new byte[] {0, 0, 0, 0, 99, 1});
        String id = accept(1, "acme");

        assertThat(meters.counter("undecodable").count()).isEqualTo(2);
        assertThat(local.find(PARTITION, id).record()).isPresent();
    }

    @Test
    void whoWaitsIsWokenByTheResult() {
        String id = accept(1, "acme");
        try (Waiters.Parked parked = waiters.park(id)) {
            end(id, "acme");

            assertThat(parked.await(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(local.awaitResult(PARTITION, id, Duration.ofSeconds(5)).result()).isPresent();
        assertThat(waiters.waiting()).isZero();
    }

    @Test
    void deletedJobIsGoneAsSoonAsBothTombstonesAreApplied() {
        String id = accept(1, "acme");
        end(id, "acme");
        assertThat(local.awaitGone(PARTITION, id, Duration.ZERO)).isFalse();
        CompletableFuture<Boolean> gone =
                CompletableFuture.supplyAsync(
                        () -> local.awaitGone(PARTITION, id, Duration.ofSeconds(20)));

        jobs.pipeInput(id, (byte[]) null);
        assertThat(local.find(PARTITION, id).result()).isPresent(); // to be deleted once more
        results.pipeInput(id, (byte[]) null);

        assertThat(gone).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
        assertThat(local.find(PARTITION, id).empty()).isTrue();
        assertThat(list("acme", 10, false, Optional.empty())).isEmpty();
        assertThat(waiters.waiting()).isZero();
    }

    @Test
    void whoWaitsForAPartitionThatMovesIsWokenWhenItComesAndNotWhenNobodyWaitsAnyMore() {
        assertThat(local.awaitMove(Samples.job(1), Duration.ofMillis(1))).isTrue();

        waiters.close();

        assertThat(local.awaitMove(Samples.job(1), Duration.ofSeconds(20))).isFalse();
    }

    @Test
    void followersSeeEverythingAndAreLetGoWithThePartition() {
        String id = accept(1, "acme");
        end(id, "acme");

        assertThat(held.numbers()).containsExactly(PARTITION);
        close();

        assertThat(extension.seen)
                .containsExactly("taken", "accepted " + id, "ended " + id, "released");
        assertThat(held.numbers()).isEmpty();
    }

    @Test
    void whatAFollowerEmitsComesBackToItAndMayShareTheStoreOfLists() {
        extension.emitting = true;
        String id = accept(1, "acme");

        end(id, "acme");

        assertThat(extension.seen)
                .containsExactly("taken", "accepted " + id, "ended " + id, "read of " + id);
        assertThat(held.get(PARTITION).index().get("x/of " + id)).containsExactly(7);
        assertThat(list("acme", 10, false, Optional.empty())).containsExactly(id);
    }

    @Test
    void tombstonesOfAnExtensionsTopicComeAsNoneAndPoisonIsCounted() {
        TestInputTopic<String, byte[]> own =
                driver.createInputTopic(
                        Topic.WEBHOOK_DELIVERIES.topicName(),
                        new StringSerializer(),
                        new ByteArraySerializer());

        own.pipeInput("a", (byte[]) null);
        own.pipeInput("poison", new byte[] {1});
        own.pipeInput("b", new byte[] {1});

        assertThat(extension.seen).containsExactly("taken", "gone a", "read b");
        assertThat(meters.counter("undecodable").count()).isEqualTo(1);
    }

    private String accept(int number, String tenant) {
        String id = Samples.job(number);
        JobsRecord record = Samples.accepted(id, tenant, NOW.plusSeconds(number));
        jobs.pipeInput(id, CODECS.jobs().encode(record));
        return id;
    }

    private void end(String id, String tenant) {
        results.pipeInput(id, CODECS.results().encode(Samples.completed(id, tenant)));
    }

    private List<String> list(String tenant, int limit, boolean ascending, Optional<String> key) {
        ListQuery query =
                new ListQuery(new TenantId(tenant), Kind.JOB, limit, ascending, "", Set.of());
        return local.list(query, key).stream().map(Listed::id).toList();
    }

    private static Optional<String> key(int number) {
        return Optional.of(
                new IndexKey(Kind.JOB, "acme", NOW.plusSeconds(number), Samples.job(number))
                        .text());
    }

    /** Remembers what it was told. */
    private static final class RecordingExtension implements ViewExtension {

        private final List<String> seen = new ArrayList<>();
        private boolean emitting;

        @Override
        public Optional<OwnTopic> topic() {
            return Optional.of(new OwnTopic(Topic.WEBHOOK_DELIVERIES, _ -> 0));
        }

        @Override
        public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
            return Set.of();
        }

        @Override
        public Follower follow(ViewPartition partition, Stores stores) {
            seen.add("taken");
            return new Follower() {
                @Override
                public void accepted(String id, JobsRecord record) {
                    seen.add("accepted " + id);
                }

                @Override
                public void forgotten(String id) {
                    seen.add("forgotten " + id);
                }

                @Override
                public void ended(JobId id, InferenceResult result) {
                    seen.add("ended " + id);
                    if (emitting) {
                        stores.emit(Topic.WEBHOOK_DELIVERIES, "of " + id, new byte[] {7});
                    }
                }

                @Override
                public void read(String key, byte @Nullable [] value) {
                    if (key.equals("poison")) {
                        var _ = CODECS.jobs().decode(new byte[] {1});
                    }
                    seen.add((value == null ? "gone " : "read ") + key);
                    if (value != null) {
                        stores.shared().put("x/" + key, value);
                    }
                }

                @Override
                public void close() {
                    seen.add("released");
                }
            };
        }
    }
}
