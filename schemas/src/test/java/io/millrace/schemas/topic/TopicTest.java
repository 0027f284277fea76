package io.millrace.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.SlotRecord;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicTest {

    private static final int SLOTS = 16;
    private static final short REPLICAS = 3;
    private static final String DAY = "86400000";

    @Test
    void deploymentHasTheseTopics() {
        assertThat(Topic.all(SLOTS, REPLICAS))
                .extracting(NewTopic::name)
                .containsExactly(
                        "requests",
                        "retries.5s",
                        "retries.30s",
                        "retries.5m",
                        "retries.30m",
                        "jobs",
                        "results",
                        "attempts",
                        "usage",
                        "waste",
                        "handoffs",
                        "slot-ledger",
                        "control",
                        "capacity",
                        "webhook-deliveries",
                        "dead-letters");
    }

    @Test
    void everyTopicHasAPartitionASlotButControlAndCapacity() {
        assertThat(Topic.all(SLOTS, REPLICAS))
                .allSatisfy(topic -> {
                    assertThat(topic.numPartitions())
                            .as(topic.name())
                            .isEqualTo(
                                    Set.of("control", "capacity").contains(topic.name())
                                            ? 1
                                            : SLOTS);
                    assertThat(topic.replicationFactor()).isEqualTo(REPLICAS);
                });
    }

    @Test
    void topicIsMadeWithItsOwnSettings() {
        assertThat(Topic.all(SLOTS, REPLICAS))
                .zipSatisfy(
                        List.of(Topic.values()),
                        (made, topic) -> assertThat(made.configs()).isEqualTo(topic.settings()));
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUESTS", "RETRIES_5S", "RETRIES_30S", "RETRIES_5M", "RETRIES_30M"})
    void workIsKeptUntilItsReaderDeletesIt(Topic topic) {
        assertThat(topic.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "-1")
                .isEqualTo(TenantTopics.untilDone());
    }

    @ParameterizedTest
    @EnumSource(names = {"JOBS", "SLOT_LEDGER", "CONTROL"})
    void stateIsCompactedInSegmentsOf16MebibytesAndKeptForEver(Topic topic) {
        assertThat(topic.settings())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("segment.bytes", "16777216")
                .doesNotContainKey("retention.ms");
    }

    @ParameterizedTest
    @EnumSource(names = {"JOBS", "RESULTS", "WEBHOOK_DELIVERIES", "CONTROL", "SLOT_LEDGER"})
    void whatWasDeletedIsErasedWithinADayAndItsTombstoneStaysForAWeek(Topic topic) {
        assertThat(topic.settings())
                .containsEntry("max.compaction.lag.ms", "43200000")
                .containsEntry("delete.retention.ms", "604800000");
    }

    @Test
    void resultsAreCompactedAndKeptForThirtyDays() {
        assertThat(Topic.RESULTS.settings())
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("segment.bytes", "16777216")
                .containsEntry("retention.ms", "2592000000");
    }

    @ParameterizedTest
    @CsvSource({"ATTEMPTS, 7", "USAGE, 400", "WASTE, 400", "HANDOFFS, 1", "DEAD_LETTERS, 30"})
    void eventsAreKeptForTheirTime(Topic topic, long days) {
        assertThat(topic.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry(
                        "retention.ms",
                        String.valueOf(Math.multiplyExact(days, Long.parseLong(DAY))));
    }

    @Test
    void whatDispatchersAnnounceIsKeptForTenMinutesAndInSegmentsThatEnd() {
        assertThat(Topic.CAPACITY.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "600000")
                .containsEntry("segment.ms", "600000");
    }

    @ParameterizedTest
    @EnumSource
    void everyTopicTakesRecordsOfTwoMebibytes(Topic topic) {
        assertThat(topic.settings()).containsEntry("max.message.bytes", "2097152");
    }

    @Test
    void retriesShareTheSubjectOfRequests() {
        assertThat(Topic.subjects())
                .containsOnlyKeys(
                        "requests-value",
                        "jobs-value",
                        "results-value",
                        "attempts-value",
                        "usage-value",
                        "waste-value",
                        "handoffs-value",
                        "slot-ledger-value",
                        "control-value",
                        "capacity-value",
                        "webhook-deliveries-value",
                        "dead-letters-value",
                        "inbox-value")
                .containsEntry("requests-value", SlotRecord.getClassSchema())
                .containsEntry("control-value", ControlRecord.getClassSchema());
    }
}
