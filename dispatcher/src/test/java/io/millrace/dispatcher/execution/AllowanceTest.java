package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.submit;
import static io.millrace.dispatcher.execution.Stage.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.Spender;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelQuota;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.avro.WindowBucket;
import io.millrace.schemas.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Quotas where they have their effect: in what starts, waits and ends. */
class AllowanceTest {

    private static final TenantId ACME = new TenantId("acme");

    @Test
    void jobsOverRequestsAMinuteWaitAndGoOnWhenTimeHasPassed() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(2L));

            // When
            for (int number = 0; number < 3; number++) {
                stage.accept(number);
            }
            stage.next();
            stage.next();
            stage.awaitIdle();

            // Then
            assertThat(stage.calls).hasSize(2);
            assertThat(stage.execution.waiting())
                    .isEqualTo(Map.of(WaitReason.REQUESTS_PER_MINUTE, 1));
            assertThat(stage.execution.place(jobId(2)))
                    .contains(new QueuePlace(ACME, 1, WaitReason.REQUESTS_PER_MINUTE));
            stage.now.set(NOON.plusSeconds(62));
            stage.next();
            assertThat(stage.calls).hasSize(3);
        }
    }

    @Test
    void synchronousCallOverTheMinuteEndsWithRateLimitExceededThoughOthersWait() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(1L));
            stage.accept(0);
            stage.next();
            stage.accept(1);

            // When
            stage.execution.accept(
                    Jobs.job(stage.job(2).slot(), submit(2).setSynchronous(true).build(), 2));

            // Then
            InferenceResult result = result(stage.next());
            assertThat(result.getJobId()).isEqualTo(jobId(2));
            assertThat(result.getHttpStatus()).isEqualTo(429);
            assertThat(result.getError().getCode()).isEqualTo("rate_limit_exceeded");
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void noMoreCallsOfAKeyOrToAModelRunThanMay() {
        CountDownLatch go = new CountDownLatch(1);
        try (Stage stage = new Stage(50, _ -> afterwards(go))) {
            // Given
            stage.control.put(
                    "key/x",
                    Jobs.control()
                            .setKey(
                                    KeyState.newBuilder()
                                            .setKeyId("key")
                                            .setName("k")
                                            .setTenant("acme")
                                            .setSecretSha256("")
                                            .setModels(List.of("*"))
                                            .setConcurrency(3L)
                                            .build())
                            .build());
            tenant(
                    stage,
                    TenantState.newBuilder()
                            .setName("acme")
                            .setModels(
                                    List.of(
                                            ModelQuota.newBuilder()
                                                    .setModel("m")
                                                    .setConcurrency(2L)
                                                    .build())));

            // When
            for (int number = 0; number < 10; number++) {
                stage.accept(number);
            }

            // Then
            Stage.await(() -> stage.calls.size() == 2);
            assertThat(stage.execution.waiting())
                    .isEqualTo(Map.of(WaitReason.MODEL_CONCURRENCY, 8));
            assertThat(stage.execution.reservations()).isEqualTo(2);
            go.countDown();
            for (int number = 0; number < 10; number++) {
                stage.next();
            }
            stage.awaitIdle();
            assertThat(stage.execution.reservations()).isZero();
        }
    }

    @Test
    void budgetIsNotOverspentByJobsThatComeAtOnceAndTheRestEndsWithInsufficientQuota() {
        try (Stage stage = new Stage(100, _ -> OK)) {
            // Given: a call costs a million nano-dollars, though its body looks like less
            tenant(stage, TenantState.newBuilder().setName("acme").setDailyNanoUsd(3_000_000L));

            // When
            List<InferenceResult> results = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                stage.accept(number);
                results.add(result(stage.next()));
                stage.awaitIdle();
            }

            // Then
            assertThat(stage.calls).hasSize(3);
            assertThat(results.subList(3, 20))
                    .allMatch(each -> each.getError().getCode().equals("insufficient_quota"));
        }
    }

    @Test
    void whatTheLedgerSaysOfAFormerOwnerStillCounts() {
        // Given
        SpendLedger spent =
                SpendLedger.newBuilder()
                        .setWindow(List.of(new WindowBucket(NOON.getEpochSecond() - 30, 1L, 10L)))
                        .build();
        SlotState state =
                new SlotState(
                        HOME,
                        Map.of(REQUESTS, Frontier.at(0)),
                        Map.of(Spender.tenant(ACME), spent),
                        Map.of(),
                        0);
        try (Stage stage = new Stage(10, _ -> OK, state)) {
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(1L));

            // When
            stage.accept(1);

            // Then
            assertThat(stage.execution.waiting())
                    .isEqualTo(Map.of(WaitReason.REQUESTS_PER_MINUTE, 1));
            stage.now.set(NOON.plusSeconds(32));
            stage.next();
        }
    }

    @Test
    void callsOfAFormerOwnerAreHeldUntilTheyAreGivenUpAndCountForAMinute() {
        // Given
        try (Stage stage = new Stage(10, _ -> OK, withOpenAttemptOf(1))) {
            tenant(
                    stage,
                    TenantState.newBuilder()
                            .setName("acme")
                            .setConcurrency(1L)
                            .setRequestsPerMinute(2L));

            // When
            stage.accept(0);
            Map<WaitReason, Integer> before = stage.execution.waiting();
            stage.accept(1);
            Adoptions adoptions = stage.execution.adoptions();
            adoptions.open().forEach(each -> adoptions.giveUp(each, "process_gone"));

            // Then
            assertThat(before).isEqualTo(Map.of(WaitReason.TENANT_CONCURRENCY, 1));
            stage.next();
            Stage.await(() ->
                    stage.execution.waiting().equals(Map.of(WaitReason.REQUESTS_PER_MINUTE, 1)));
            assertThat(stage.calls).hasSize(1);
            stage.now.set(NOON.plusSeconds(60));
            Settlement second = stage.next();
            assertThat(second.drawn().draws()).isNotEmpty();
        }
    }

    @Test
    void settlementTellsTheCallsMadeForItsJob() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // When
            stage.accept(1);

            // Then
            Settlement settlement = stage.next();
            assertThat(settlement.drawn().model()).isEqualTo("m");
            assertThat(settlement.drawn().draws())
                    .singleElement()
                    .matches(draw -> draw.at().equals(NOON) && draw.tokens() == 1_000);
        }
    }

    @Test
    void raisedLimitTakesEffectAtOnce() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(1L));
            stage.accept(0);
            stage.next();
            stage.accept(1);
            Stage.await(() -> !stage.execution.waiting().isEmpty());

            // When
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(2L));

            // Then
            stage.next();
            assertThat(stage.calls).hasSize(2);
        }
    }

    @Test
    void waitingJobThatExpiresEndsThoughItsTenantMayStartNothing() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            tenant(stage, TenantState.newBuilder().setName("acme").setRequestsPerMinute(1L));
            stage.accept(0);
            stage.next();
            stage.accept(1);
            Instant soon = NOON.plusSeconds(5);
            stage.execution.accept(
                    Jobs.job(
                            stage.job(2).slot(),
                            submit(2)
                                    .setRequest(Samples.request().setExpiresAt(soon).build())
                                    .build(),
                            2));

            // When
            stage.now.set(soon);

            // Then
            assertThat(result(stage.next()).getError().getCode()).isEqualTo("expired");
            assertThat(stage.calls).hasSize(1);
        }
    }

    private static void tenant(Stage stage, TenantState.Builder state) {
        stage.control.put("tenant/acme", Jobs.control().setTenant(state.build()).build());
    }

    private static InferenceResult result(Settlement settlement) {
        return ((Terminal) settlement.ending()).result();
    }

    private static io.millrace.dispatcher.provider.Outcome afterwards(CountDownLatch go) {
        try {
            if (!go.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return OK;
    }

    /** The state of a slot whose former owner was calling for the record at an offset. */
    private static SlotState withOpenAttemptOf(int number) {
        AttemptStarted started =
                AttemptStarted.newBuilder()
                        .setJobId(jobId(number))
                        .setTenant("acme")
                        .setKeyId("key")
                        .setAttempt(1)
                        .setSource(new SourcePosition(REQUESTS.topic(), HOME, (long) number))
                        .setProvider("p")
                        .setTarget("t")
                        .setModel("m")
                        .setProcess("gone")
                        .setStartedAt(NOON.minusSeconds(9))
                        .setDeadline(NOON.plusSeconds(60))
                        .build();
        return new SlotState(
                HOME,
                Map.of(REQUESTS, Frontier.at(0)),
                Map.of(),
                Map.of(
                        REQUESTS,
                        new TreeMap<>(
                                Map.of(
                                        (long) number,
                                        List.of(
                                                new PriorAttempt(
                                                        started, 70, PriorAttempt.End.OPEN))))),
                71);
    }
}
