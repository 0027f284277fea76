package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.intake.Intake;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R5: what a dispatcher left open when it died holds nobody up who reads results. */
@Timeout(300)
final class TakeoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

    private final Cluster cluster;

    TakeoverIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void ledgerThatIsUnreadableOrLostStartsNothing() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess first = cluster.begin("dispatcher", "dispatcher-1");
        cluster.ready(ingress, first);
        Api api = cluster.api(ingress);
        assertThat(api.job(api.submit("fast", "before").id()).path("status").asText())
                .isEqualTo("completed");
        first.kill();
        String job = api.submit("fast", "after").id();
        Topics topics = cluster.topics();
        byte[] unreadable = "not Avro".getBytes(StandardCharsets.UTF_8);
        for (int slot = 0; slot < Cluster.SLOTS; slot++) {
            topics.write(Topic.SLOT_LEDGER.topicName(), slot, unreadable, unreadable);
        }
        // When
        MillraceProcess second = cluster.begin("dispatcher", "dispatcher-2");
        // Then
        Await.until("the refusal", PATIENCE, () -> second.err().contains("slots-intake"));
        second.kill();
        // When
        topics.drop(Topic.SLOT_LEDGER);
        MillraceProcess third = cluster.begin("dispatcher", "dispatcher-3");
        // Then
        Await.until("the refusal", PATIENCE, () -> third.err().contains("is lost"));
        assertThat(cluster.calls()).hasSize(1);
        assertThat(api.get("/v1/jobs/" + job).json().path("status").asText()).isEqualTo("queued");
    }

    @Test
    void transactionThatADeadDispatcherLeftOpenIsEndedAtTheTakeover() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher-1"));
        List<Api> teams = cluster.teams(ingress);
        Topics topics = cluster.topics();
        try (Arrivals arrivals = new Arrivals(topics);
                KafkaProducer<byte[], byte[]> _ =
                        topics.leaveOpen(
                                Intake.TRANSACTIONAL_PREFIX + "dead",
                                Topic.RESULTS,
                                Cluster.SLOTS,
                                TRANSACTION_TIMEOUT)) {
            List<String> jobs =
                    IntStream.range(0, 40)
                            .mapToObj(i -> teams.get(i % teams.size()).submit("fast", "x").id())
                            .toList();
            Await.until("their calls", PATIENCE, () -> cluster.calls().size() >= jobs.size());
            assertThat(arrivals.haveAll(jobs)).as("readable behind an open transaction").isFalse();
            // When
            long start = System.nanoTime();
            cluster.begin("dispatcher", "dispatcher-2");
            // Then
            Await.until("all results", PATIENCE, () -> arrivals.haveAll(jobs));
            System.out.printf(
                    "R5: readable %d ms after the start of a dispatcher%n",
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
            Ledgers.assertEachEndedOnce(topics, jobs);
        }
    }
}
