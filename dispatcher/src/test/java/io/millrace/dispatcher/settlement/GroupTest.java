package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.settlement.Settlement.Ending;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.WindowBucket;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class GroupTest {

    private final Codecs codecs = Samples.codecs();
    private final Envelope envelope = new Envelope(codecs, SLOTS);
    private final OwnedSlot slot = Samples.slot();

    @Test
    void hundredSettlementsOfOneSourceAndTenantLeaveOneFrontierAndOneSum() {
        // Given
        List<Settlement> settlements = new ArrayList<>();
        for (int offset = 0; offset < 100; offset++) {
            settlements.add(terminal(offset, "acme", 5));
        }

        // When
        Map<String, LedgerEntry> ledger = ledger(new Group(settlements));

        // Then
        assertThat(ledger)
                .containsOnlyKeys(
                        "frontier/requests/" + HOME,
                        "spend/acme",
                        "spend/acme/key/key",
                        "spend/acme/model/m");
        assertThat(entry(ledger, "spend/acme").getSpend().getJobs()).isEqualTo(100);
        assertThat(entry(ledger, "spend/acme").getSpend().getCostNanoUsd()).isEqualTo(500);
        assertThat(entry(ledger, "frontier/requests/" + HOME).getFrontier().getLowestOpen())
                .isEqualTo(100);
    }

    @Test
    void eachTouchedSourceAndTenantHasItsOwnRecord() {
        // Given
        slot.openLane("lanes.acme.batch");
        Source lane = source("lanes.acme.batch");
        List<Settlement> settlements =
                List.of(
                        terminal(0, "acme", 5),
                        new Settlement(slot, lane, 3, List.of(), Terminals.of(2, "acme", 1)),
                        terminal(2, "other", 7));

        // When
        Map<String, LedgerEntry> ledger = ledger(new Group(settlements));

        // Then
        assertThat(ledger)
                .containsOnlyKeys(
                        "frontier/lanes.acme.batch/0",
                        "frontier/requests/" + HOME,
                        "spend/acme",
                        "spend/acme/key/key",
                        "spend/acme/model/m",
                        "spend/other",
                        "spend/other/key/key",
                        "spend/other/model/m");
        assertThat(entry(ledger, "spend/acme").getSpend().getCostNanoUsd()).isEqualTo(6);
    }

    @Test
    void sumsGoOnFromWhatWasSettledBefore() {
        // Given
        Group first = new Group(List.of(terminal(0, "acme", 5)));
        first.applied();

        // When
        Map<String, LedgerEntry> ledger = ledger(new Group(List.of(terminal(1, "acme", 6))));

        // Then
        assertThat(entry(ledger, "spend/acme").getSpend().getCostNanoUsd()).isEqualTo(11);
    }

    @Test
    void callsAreCountedInTheWindowOfTenantKeyAndModelWhateverTheRecordComesTo() {
        // Given
        Drawn drawn =
                new Drawn(
                        new TenantId("acme"),
                        "key",
                        "general",
                        List.of(new Drawn.Draw(NOON, 5), new Drawn.Draw(NOON.plusMillis(1), 0)));

        // When
        Map<String, LedgerEntry> ledger =
                ledger(new Group(List.of(terminal(0, "acme", 5).with(drawn))));

        // Then
        assertThat(ledger)
                .containsKeys("spend/acme", "spend/acme/key/key", "spend/acme/model/general");
        for (String key : List.of("spend/acme", "spend/acme/key/key", "spend/acme/model/general")) {
            assertThat(entry(ledger, key).getSpend().getWindow())
                    .singleElement()
                    .isEqualTo(new WindowBucket(NOON.getEpochSecond(), 2L, 5L));
        }
    }

    @Test
    void memoryFollowsOnlyWhatIsApplied() {
        // Given
        Group group = new Group(List.of(terminal(0, "acme", 5)));
        ledger(group);
        group.groupOffsets();
        assertThat(requests(slot).frontier().lowestOpen()).isZero();
        assertThat(slot.spend(Spender.tenant(new TenantId("acme"))).getJobs()).isZero();

        // When
        group.applied();

        // Then
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(1);
        assertThat(slot.spend(Spender.tenant(new TenantId("acme"))).getJobs()).isEqualTo(1);
    }

    @Test
    void groupOffsetIsTheLowestOpenRecordOfTheSlotThoughOthersAreDone() {
        // Given
        Group group = new Group(List.of(terminal(0, "acme", 1), terminal(2, "acme", 1)));

        // When // Then
        assertThat(group.groupOffsets()).isEqualTo(Map.of(REQUESTS, new OffsetAndMetadata(1)));
    }

    @Test
    void slotOfWhichOnlyALaneIsTouchedCommitsItsOffsetAllTheSame() {
        // Given
        slot.openLane("lanes.acme.batch");
        requests(slot).settled(List.of(0L, 1L));
        Group group =
                new Group(
                        List.of(
                                new Settlement(
                                        slot,
                                        source("lanes.acme.batch"),
                                        0,
                                        List.of(),
                                        Terminals.of(1, "acme", 1))));

        // When // Then
        assertThat(group.groupOffsets()).isEqualTo(Map.of(REQUESTS, new OffsetAndMetadata(2)));
    }

    @Test
    void successorsAreNeverToldToBeginBehindAnOpenAttempt() {
        // Given
        long a = slot.attemptAnnounced();
        slot.attemptStarted(a, 4);
        long b = slot.attemptAnnounced();
        slot.attemptStarted(b, 5);
        Settlement second =
                new Settlement(slot, requests(slot), 1, List.of(5L), Terminals.of(1, "acme", 1));
        Settlement first =
                new Settlement(slot, requests(slot), 0, List.of(4L), Terminals.of(0, "acme", 1));

        // When
        Group one = new Group(List.of(second));
        long afterTheSecond = attemptsFrom(one);
        one.applied();
        long afterBoth = attemptsFrom(new Group(List.of(first)));

        // Then
        assertThat(afterTheSecond).isEqualTo(4);
        assertThat(afterBoth).isEqualTo(6);
    }

    @Test
    void newLaneIsWrittenWithAllLanesOfTheSlot() {
        // Given
        slot.openLane("lanes.acme.batch");
        slot.openLane("lanes.acme.wait");
        Settlement known =
                new Settlement(slot, requests(slot), 0, List.of(), new Ending.LaneKnown());

        // When
        Map<String, LedgerEntry> ledger = ledger(new Group(List.of(known)));

        // Then
        assertThat(entry(ledger, "lanes").getLanes().getLanes())
                .containsExactly("lanes.acme.batch", "lanes.acme.wait");
    }

    private Settlement terminal(int offset, String tenant, long cost) {
        return new Settlement(
                slot, requests(slot), offset, List.of(), Terminals.of(offset, tenant, cost));
    }

    private Source source(String topic) {
        return slot.sources().stream()
                .filter(each -> each.partition().topic().equals(topic))
                .findAny()
                .orElseThrow();
    }

    private long attemptsFrom(Group group) {
        return entry(ledger(group), "frontier/requests/" + HOME).getFrontier().getAttemptsFrom();
    }

    private static LedgerEntry entry(Map<String, LedgerEntry> ledger, String key) {
        assertThat(ledger).containsKey(key);
        return ledger.getOrDefault(key, new LedgerEntry());
    }

    private Map<String, LedgerEntry> ledger(Group group) {
        List<ProducerRecord<byte[], byte[]>> written =
                group.records(envelope).stream()
                        .filter(each -> each.topic().equals(Topic.SLOT_LEDGER.topicName()))
                        .toList();
        assertThat(written).allMatch(each -> each.partition() == HOME);
        return written.stream()
                .collect(
                        Collectors.toMap(
                                each -> new String(each.key(), StandardCharsets.UTF_8),
                                each -> codecs.slotLedger().decode(each.value()),
                                (one, other) -> {
                                    throw new AssertionError("two records of one key");
                                },
                                TreeMap::new));
    }
}
