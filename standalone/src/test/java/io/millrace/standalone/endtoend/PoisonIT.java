package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R9: poison never blocks a slot or a lane, whatever kind it is of. */
@Timeout(300)
final class PoisonIT {

    private static final String TENANT = "team-0";
    private static final int GOOD_FOR_EACH = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    // 1 s is promised on a machine that is not oversubscribed; a build machine often is
    private static final Duration STALL = Duration.ofSeconds(10);

    private final IdFactory ids = new IdFactory(new Random(9));
    private final List<String> jobs = new ArrayList<>();
    private final Cluster cluster;

    PoisonIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void everyKindOfPoisonIsADeadLetterWithItsReasonAndHoldsUpNobody() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher"));
        Api team = cluster.teams(ingress).getFirst();
        String batch = team.batch(team.upload(PathIT.lines(1, "fast"))); // opens the lane
        Await.until(
                "the lane is read",
                PATIENCE,
                () ->
                        cluster.topics().results().stream()
                                .anyMatch(result -> result.getJobId().equals(batch + "-1")));
        int slot = new Slots(Cluster.SLOTS).of(TENANT);
        String lane = TenantTopics.batchLane(new TenantId(TENANT));
        Topics topics = cluster.topics();
        try (Arrivals arrivals = new Arrivals(topics)) {
            // When
            int poison = 0;
            try (Topics.Writer requests = topics.writer(Topic.REQUESTS.topicName(), slot);
                    Topics.Writer inLane = topics.writer(lane, 0)) {
                Map<String, byte[]> kinds = PoisonKinds.of(submit(), topics::encode);
                assertThat(kinds).hasSizeGreaterThanOrEqualTo(50);
                for (byte[] value : kinds.values()) {
                    for (Topics.Writer to : List.of(requests, inLane)) {
                        to.write(value);
                        poison++;
                        for (int i = 0; i < GOOD_FOR_EACH; i++) {
                            Submit good = submit();
                            jobs.add(good.getJobId());
                            to.write(topics.encode(new SlotRecord(good, null, null)));
                        }
                    }
                }
            }
            // Then
            Await.until("all jobs end", PATIENCE, () -> arrivals.haveAll(jobs));
            int all = poison;
            Await.until("all dead letters", PATIENCE, () -> topics.deadLetters().size() >= all);
            assertTold(topics.deadLetters(), all);
            Ledgers.assertEachEndedOnce(topics, jobs);
            Duration stall = longestSilence(arrivals.all());
            System.out.printf("R9: longest time without a result: %d ms%n", stall.toMillis());
            assertThat(stall).isLessThan(STALL);
        }
    }

    private static void assertTold(List<DeadLetter> letters, int all) {
        assertThat(letters).hasSize(all);
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .containsOnly(
                        "undecodable",
                        "invalid",
                        "too_large",
                        "unknown_kind",
                        "wrong_tenant",
                        "wrong_slot");
        assertThat(letters).allMatch(letter -> !letter.getMessage().isBlank());
        assertThat(letters.stream().map(DeadLetter::getSource)).doesNotHaveDuplicates();
    }

    private Duration longestSilence(Collection<Arrivals.Arrival> arrivals) {
        List<Instant> times = arrivals.stream().map(Arrivals.Arrival::at).sorted().toList();
        Duration longest = Duration.ZERO;
        for (int i = 1; i < times.size(); i++) {
            Duration gap = Duration.between(times.get(i - 1), times.get(i));
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        return longest;
    }

    private Submit submit() {
        String body =
                "{\"model\": \"fast\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}";
        return Submit.newBuilder()
                .setJobId(ids.job(new ViewPartition(0)).value())
                .setTenant(TENANT)
                .setKeyId("test")
                .setModel("fast")
                .setAcceptedAt(Instant.now())
                .setRequest(
                        InferenceRequest.newBuilder()
                                .setEndpoint("/v1/chat/completions")
                                .setBody(
                                        new Payload(
                                                ByteBuffer.wrap(
                                                        body.getBytes(StandardCharsets.UTF_8)),
                                                null))
                                .build())
                .build();
    }
}
