package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.admission.Queued;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueDeskTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final int PARTITIONS = 2;

    private Instant now = Samples.NOW;
    private boolean reachable = true;
    private int asked;
    private long limit = 10;
    private Runnable meanwhile = () -> {};
    private Queued elsewhere = Queued.NOTHING;
    private int partitionsElsewhere = PARTITIONS;
    private final QueuedWork own = new QueuedWork(_ -> 0, () -> now);
    private final QueueDesk desk =
            new QueueDesk(() -> control(limit), own, PARTITIONS, this::answer, () -> now);

    @Test
    void ofFiftyAtOnceAsManyAreLetInAsThereIsRoom() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all =
                    IntStream.range(0, 50)
                            .mapToObj(number -> threads.submit(() -> entered(number)))
                            .toList();
            int entered = 0;
            for (Future<Boolean> each : all) {
                entered += each.get() ? 1 : 0;
            }

            assertThat(entered).isEqualTo(10);
        }
        desk.leave(new JobId(Samples.job(99)), ACME);
        assertThat(own.of(ACME).jobs()).isEqualTo(10);
    }

    @Test
    void whatOthersHoldCountsAndIsAskedForEachJobWhenLittleRoomIsLeft() {
        elsewhere = new Queued(8, 8);
        assertThat(entered(1)).isTrue();

        elsewhere = new Queued(9, 9); // let in there since
        assertThat(entered(2)).isFalse();
        assertThat(own.of(ACME).jobs()).isEqualTo(1);
        assertThatThrownBy(() -> desk.requireRoom(ACME)).isInstanceOf(ApiException.class);

        elsewhere = new Queued(8, 8);
        now = now.plus(Duration.ofMillis(101));
        assertThat(entered(2)).isTrue();
    }

    @Test
    void othersAreAskedTenTimesASecondAtMostWhileThereIsRoom() {
        limit = 1_000;

        for (int number = 0; number < 100; number++) {
            assertThat(entered(number)).isTrue();
        }
        assertThat(asked).isEqualTo(1);

        now = now.plus(Duration.ofMillis(101));
        assertThat(entered(100)).isTrue();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void ofTwoThatComeAtTheSameTimeToTwoIngressesOneSeesTheOther() {
        // the other ingress let the last one in between the first look and the second
        elsewhere = new Queued(9, 9);
        meanwhile = () -> elsewhere = new Queued(10, 10);

        assertThat(entered(1)).isFalse();
        assertThat(own.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    @Test
    void nothingIsLetInWhileNobodyKnowsTheOthersAndForAMomentTheLastWordStands() {
        reachable = false;
        assertThatThrownBy(() -> entered(1)).isInstanceOf(UnavailableException.class);

        reachable = true;
        assertThat(entered(1)).isTrue();

        reachable = false;
        now = now.plusSeconds(29);
        assertThat(entered(2)).isTrue();
        now = now.plusSeconds(2);
        assertThatThrownBy(() -> entered(3)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void partitionThatNobodyHoldsIsNotTakenForEmpty() {
        partitionsElsewhere = PARTITIONS - 1;

        assertThatThrownBy(() -> entered(1)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void tenantWithoutQuotaIsNotAskedFor() {
        QueueDesk free =
                new QueueDesk(() -> Control.EMPTY, own, PARTITIONS, this::answer, () -> now);

        free.enter(new JobId(Samples.job(1)), ACME, 1);
        free.requireRoom(ACME);

        assertThat(asked).isZero();
        assertThat(own.of(ACME)).isEqualTo(Queued.NOTHING);
    }

    private boolean entered(int number) {
        try {
            desk.enter(new JobId(Samples.job(number)), ACME, 1);
            return true;
        } catch (ApiException e) {
            assertThat(e.error().code()).isEqualTo("queue_full");
            return false;
        }
    }

    private List<byte[]> answer(String path) {
        assertThat(path).isEqualTo("/internal/queued/acme");
        if (!reachable) {
            throw new UnavailableException("gone", Duration.ofSeconds(1));
        }
        asked++;
        ObjectNode body = Json.object();
        body.put("jobs", elsewhere.jobs());
        body.put("tokens", elsewhere.tokens());
        body.put("partitions", partitionsElsewhere);
        meanwhile.run();
        return List.of(Json.bytes(body));
    }

    private static Control control(long jobs) {
        return new Control(
                Map.of(
                        "tenant/acme",
                        ControlRecord.newBuilder()
                                .setVersion(1)
                                .setManagedBy("file")
                                .setUpdatedAt(Samples.NOW)
                                .setTenant(
                                        TenantState.newBuilder()
                                                .setName("acme")
                                                .setQueuedJobs(jobs)
                                                .build())
                                .build()));
    }
}
