package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant with a great many queued jobs is served by the memory of one with a few. The full size
 * is {@code -Dbacklog=1000000}.
 */
@Timeout(1_200)
final class BacklogIT {

    private static final int BACKLOG = Integer.getInteger("backlog", 30_000);
    private static final int FEW = 1;
    private static final int USED = 300;

    // what a tenant with a backlog has read ahead, and one with a single job has not
    private static final long LOOK_AHEAD_BYTES = 512 * 1024;
    private static final Duration SPILLED = Duration.ofMinutes(15);
    private static final String TENANT = "narrow";
    private static final int SLOT = new Slots(Cluster.SLOTS).of(TENANT);
    private static final String REQUEST =
            """
            {"model": "fast", "messages": [{"role": "user", "content": "%s"}]}\
            """
                    .formatted("turn ".repeat(80));

    private final Cluster cluster;
    private final Topics topics;
    private final IdFactory ids = new IdFactory(new Random(7));

    BacklogIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
        this.topics = cluster.topics();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void tenantWithAGreatBacklogIsServedByTheMemoryOfOneWithAFewJobs() throws Exception {
        // Given
        cluster.begin("ingress", "ingress").ready(); // for what it says on the control topic
        MillraceProcess dispatcher = cluster.begin("dispatcher", "dispatcher").ready();
        write(USED); // so that everything was used once
        awaitAllRead();
        Await.until("all ended", SPILLED, () -> topics.results().size() == USED);

        // When
        write(FEW);
        awaitAllRead();
        long few = liveBytes(dispatcher);
        write(BACKLOG);
        awaitAllRead();
        long many = liveBytes(dispatcher);

        // Then
        System.out.printf(
                "R15: live heap of a dispatcher with %d queued jobs %.1f MB, with %d more %.1f MB%n",
                FEW, few / 1e6, BACKLOG, many / 1e6);
        assertThat(many - few).isLessThanOrEqualTo(few / 10 + LOOK_AHEAD_BYTES);
    }

    private void write(int jobs) {
        try (Topics.Writer requests = topics.writer(Topic.REQUESTS.topicName(), SLOT)) {
            for (int i = 0; i < jobs; i++) {
                requests.write(topics.encode(SlotRecord.newBuilder().setSubmit(submit()).build()));
            }
        }
    }

    private Submit submit() {
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
                                                        REQUEST.getBytes(StandardCharsets.UTF_8)),
                                                null))
                                .build())
                .build();
    }

    /** Waits until all of the slot was taken or moved to the tenant's lane. */
    private void awaitAllRead() {
        Await.until(
                "all jobs are behind the frontier of their slot",
                SPILLED,
                () -> topics.lag("millrace-dispatcher", Topic.REQUESTS, SLOT) == 0);
    }

    /** Returns what is left of a process's heap after a full collection. */
    private static long liveBytes(MillraceProcess process) throws IOException {
        Process asked =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process.handle().pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String histogram =
                new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String total =
                histogram
                        .lines()
                        .filter(line -> line.startsWith("Total"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(histogram));
        return Long.parseLong(total.strip().split("\\s+", -1)[2]);
    }
}
