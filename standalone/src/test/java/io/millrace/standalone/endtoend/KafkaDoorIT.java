package io.millrace.standalone.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.standalone.endtoend.Porter.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door of tenants who produce straight to Kafka, with Confluent's own serializers. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KafkaDoorIT {

    private static final int GOOD_FOR_EACH = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final MillraceProcess ingress;
    private final MillraceProcess first;
    private final Porter porter;

    KafkaDoorIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
        this.ingress = cluster.begin("ingress", "ingress");
        this.first = cluster.begin("dispatcher", "dispatcher-1");
        this.porter = cluster.porter();
    }

    @BeforeAll
    void begin() {
        cluster.ready(ingress, first);
        porter.awaitDoor();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    @Order(1)
    void recordIsAJobWithOneResultOneBillAndASightOverHttp() throws Exception {
        // Given
        int before = porter.answers().size();
        ProducerRecord<String, InferenceRequest> asked =
                new ProducerRecord<>(Porter.INBOX, "order-17", Porter.chat("fast"));
        asked.headers().add("ce_id", "event-17".getBytes(UTF_8));

        // When
        long offset;
        try (Producer<String, InferenceRequest> producer = porter.producer()) {
            offset = producer.send(asked).get(10, TimeUnit.SECONDS).offset();
        }
        Await.until("an answer", PATIENCE, () -> porter.answers().size() > before);

        // Then
        Answer answer = porter.answers().getLast();
        InferenceResult result = answer.result();
        assertThat(result.getStatus()).isEqualTo(JobStatus.COMPLETED);
        assertThat(answer.asked()).isEqualTo(offset);
        assertThat(new String(answer.raw().key(), UTF_8)).isEqualTo("order-17");
        assertThat(answer.header("ce_specversion")).isEqualTo("1.0");
        assertThat(answer.header("ce_id")).isEqualTo("event-17");
        assertThat(answer.header("ce_type")).isEqualTo("io.millrace.job.completed");
        assertThat(answer.header("ce_source"))
                .isEqualTo("/topics/inbox.porter/partitions/0/offsets/" + offset);
        assertThat(answer.header("content-type")).isEqualTo("application/avro");
        Ledgers.assertEachEndedOnce(cluster.topics(), List.of(result.getJobId()));
        JsonNode seen = cluster.api(ingress).with(Cluster.PORTER_KEY).job(result.getJobId());
        assertThat(seen.path("status").asText()).as(seen.toString()).isEqualTo("completed");
        assertThat(cluster.api(ingress).get("/v1/jobs/" + result.getJobId()).status())
                .as("asked for by another tenant")
                .isEqualTo(404);
    }

    @Test
    @Order(2)
    void everyKindOfPoisonIsADeadLetterAndAnAnswerAndHoldsUpNobody() {
        // Given
        int before = porter.answers().size();
        long lettersBefore = letters().size();
        Map<String, ProducerRecord<byte[], byte[]>> kinds =
                InboxPoison.of(porter::encoded, cluster.topics()::encode);
        assertThat(kinds).hasSizeGreaterThanOrEqualTo(50);
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> poison : kinds.values()) {
            all.add(poison);
            for (int i = 0; i < GOOD_FOR_EACH; i++) {
                all.add(
                        new ProducerRecord<>(
                                Porter.INBOX, null, porter.encoded(Porter.chat("fast"))));
            }
        }

        // When
        List<Long> bad = new ArrayList<>();
        List<RecordMetadata> written = porter.write(all);
        for (int i = 0; i < written.size(); i += 1 + GOOD_FOR_EACH) {
            bad.add(written.get(i).offset());
        }

        // Then
        Await.until("all answers", PATIENCE, () -> porter.answers().size() >= before + all.size());
        List<Answer> answers = porter.answers().subList(before, before + all.size());
        assertThat(answers.stream().map(Answer::asked))
                .as("one answer a record")
                .containsExactlyInAnyOrderElementsOf(
                        written.stream().map(RecordMetadata::offset).toList());
        Set<Long> poisoned = new HashSet<>(bad);
        assertThat(answers)
                .allSatisfy(answer -> {
                    boolean isBad = poisoned.contains(answer.asked());
                    assertThat(answer.result().getStatus())
                            .as(
                                    "answer to offset %d: %s",
                                    answer.asked(), answer.result().getError())
                            .isEqualTo(isBad ? JobStatus.FAILED : JobStatus.COMPLETED);
                });
        List<DeadLetter> letters = letters();
        assertThat(letters).hasSize(Math.toIntExact(lettersBefore) + kinds.size());
        assertThat(letters)
                .allMatch(letter -> !letter.getMessage().isBlank())
                .extracting(DeadLetter::getReason)
                .containsOnly("undecodable", "invalid", "empty", "wrong_tenant");
        Ledgers.assertEachEndedOnce(
                cluster.topics(),
                answers.stream()
                        .filter(answer -> !poisoned.contains(answer.asked()))
                        .map(answer -> answer.result().getJobId())
                        .toList());
    }

    @Test
    @Order(3) // the others need the dispatcher that this one kills
    void workOfAKilledDispatcherIsResumedAndAnsweredOnceEach() {
        // Given
        int before = porter.answers().size();
        MillraceProcess heir = cluster.begin("dispatcher", "dispatcher-2").ready();
        byte[] slow = porter.encoded(Porter.chat("slow"));
        List<ProducerRecord<byte[], byte[]>> work =
                IntStream.range(0, 40)
                        .mapToObj(i -> {
                            var each = new ProducerRecord<byte[], byte[]>(Porter.INBOX, null, slow);
                            // each key comes twice, and is one job
                            each.headers().add("idempotency-key", ("key-" + i / 2).getBytes(UTF_8));
                            return each;
                        })
                        .toList();

        // When
        var _ = porter.write(work);
        Await.until("calls in flight", PATIENCE, () -> inFlight() >= 5);
        MillraceProcess killed = cluster.inFlight("dispatcher-1") > 0 ? first : heir;
        killed.kill();

        // Then
        Await.until("an answer each", PATIENCE, () -> porter.answers().size() >= before + 20);
        List<InferenceResult> results =
                porter.answers().subList(before, porter.answers().size()).stream()
                        .map(Answer::result)
                        .toList();
        assertThat(results)
                .extracting(InferenceResult::getJobId)
                .doesNotHaveDuplicates()
                .hasSize(20);
        Ledgers.assertEachEndedOnce(
                cluster.topics(), results.stream().map(InferenceResult::getJobId).toList());
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        cluster.begin("dispatcher", killed == first ? "dispatcher-1" : "dispatcher-2").ready();
    }

    private long inFlight() {
        return cluster.inFlight("dispatcher-1") + cluster.inFlight("dispatcher-2");
    }

    private List<DeadLetter> letters() {
        return cluster.topics().deadLetters().stream()
                .filter(letter -> letter.getSource().getTopic().equals(Porter.INBOX))
                .toList();
    }
}
