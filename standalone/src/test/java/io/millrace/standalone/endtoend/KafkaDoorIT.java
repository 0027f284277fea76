package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.standalone.endtoend.Porter.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door of tenants who produce straight to Kafka, with Confluent's own serializers. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaDoorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final MillraceProcess ingress;
    private final Porter porter;

    KafkaDoorIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
        this.ingress = cluster.begin("ingress", "ingress");
        this.porter = cluster.porter();
    }

    @BeforeAll
    void begin() {
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher-1"));
        porter.awaitDoor();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void recordIsAJobWithOneResultOneBillAndASightOverHttp() throws Exception {
        // Given
        int before = porter.answers().size();
        ProducerRecord<String, InferenceRequest> asked =
                new ProducerRecord<>(Porter.INBOX, "order-17", Porter.chat("fast"));
        asked.headers().add("ce_id", "event-17".getBytes(StandardCharsets.UTF_8));

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
        assertThat(new String(answer.raw().key(), StandardCharsets.UTF_8)).isEqualTo("order-17");
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
}
