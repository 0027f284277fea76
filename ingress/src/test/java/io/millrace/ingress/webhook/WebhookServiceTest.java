package io.millrace.ingress.webhook;

import static io.millrace.ingress.webhook.Bench.await;
import static io.millrace.ingress.webhook.Bench.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.DeliveryTry;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.avro.WebhookTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebhookServiceTest {

    private static final String HOOK = "https://example.com/hook";

    private static final Deliveries.Query LISTED =
            new Deliveries.Query(Bench.ACME, "default", "", 10, false);

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void endOfAJobIsToldToWhomItsWishNamedAndToEndpointsOfThatType() {
        // Given
        bench.take(_ -> Answer.of(200));
        bench.endpoint("whe_1", "https://one.example/", EventType.JOB_FAILED);
        bench.endpoint("whe_2", "https://two.example/", EventType.JOB_COMPLETED);
        String job = bench.accepted(1, target(HOOK));

        // When
        bench.ended(job, JobStatus.FAILED);

        // Then
        await(() -> bench.sent.size() == 2);
        assertThat(bench.sent)
                .extracting(post -> post.url().toString())
                .containsExactlyInAnyOrder(HOOK, "https://one.example/");
        assertThat(bench.sent).extracting(Post::id).containsOnly(bench.sent.element().id());
        assertThat(new String(bench.sent.element().body(), StandardCharsets.UTF_8))
                .matches(
                        "\\{\"id\":\"evt_[0-9a-z]{26}\",\"object\":\"event\",\"created_at\":1795348800,"
                                + "\"type\":\"job.failed\",\"data\":\\{\"id\":\"%s\"}}"
                                        .formatted(job));
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
    }

    @Test
    void resultThatIsSeenBeforeItsJobIsToldWhenTheJobIsSeen() {
        bench.take(_ -> Answer.of(200));
        String job = "job_00" + "%026d".formatted(1);

        bench.ended(job, JobStatus.EXPIRED);
        assertThat(bench.log()).isEmpty();
        bench.accepted(1, target(HOOK));

        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
        assertThat(bench.delivery(job).getEventType()).isEqualTo("job.expired");
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void everyEndOfAJobHasItsType(JobStatus status) {
        bench.take(_ -> Answer.of(200));

        bench.ended(bench.accepted(1, target(HOOK)), status);

        assertThat(bench.log().values())
                .extracting(WebhookDelivery::getEventType)
                .containsExactlyElementsOf(
                        status == JobStatus.UNKNOWN
                                ? List.of()
                                : List.of("job." + status.name().toLowerCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @EnumSource(BatchStatus.class)
    void batchIsToldWhenItEndsAndNotOnItsWay(BatchStatus status) {
        bench.take(_ -> Answer.of(200));
        bench.endpoint("whe_1", "https://one.example/", EventType.values());
        String batch = "batch_00" + "%026d".formatted(1);

        bench.batch(batch, status, target(HOOK));
        bench.batch(batch, status, target(HOOK));

        boolean end = Set.of("COMPLETED", "FAILED", "EXPIRED", "CANCELLED").contains(status.name());
        assertThat(bench.log().values())
                .hasSize(end ? 2 : 0)
                .allSatisfy(delivery -> {
                    assertThat(delivery.getEventType())
                            .isEqualTo("batch." + status.name().toLowerCase(Locale.ROOT));
                    assertThat(delivery.getSubjectId()).isEqualTo(batch);
                });
    }

    @Test
    void onlyTheTypesThatAWishNamesAreTold() {
        bench.take(_ -> Answer.of(200));
        WebhookTarget failures =
                WebhookTarget.newBuilder().setUrl(HOOK).setEvents(List.of("job.failed")).build();

        bench.ended(bench.accepted(1, failures), JobStatus.COMPLETED);
        bench.ended(bench.accepted(2, null), JobStatus.COMPLETED);

        assertThat(bench.log()).isEmpty();
    }

    @Test
    void whatIsToldAgainAfterACrashIsNotSentAgain() {
        bench.take(_ -> Answer.of(204));
        String job = bench.accepted(1, target(HOOK));
        bench.ended(job, JobStatus.COMPLETED);
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);

        bench.ended(job, JobStatus.COMPLETED);
        String next = bench.accepted(2, target(HOOK));
        bench.ended(next, JobStatus.COMPLETED);

        await(() -> bench.delivery(next).getStatus() == DeliveryStatus.DELIVERED);
        assertThat(bench.sent).hasSize(2);
    }

    @Test
    void receiverThatIsDownForThreeHoursGetsEveryEventOfThatTime() {
        // Given
        AtomicBoolean down = new AtomicBoolean(true);
        bench.take(_ -> down.get() ? Answer.none("unreachable") : Answer.of(200));
        List<String> jobs = new ArrayList<>();

        // When
        for (int minute = 0; minute < 180; minute += 10) {
            String job = bench.accepted(minute, target(HOOK));
            jobs.add(job);
            bench.ended(job, JobStatus.COMPLETED);
            await(() -> !bench.delivery(job).getTries().isEmpty());
            bench.pass(Duration.ofMinutes(10));
        }
        down.set(false);

        // Then
        for (int hours = 0; hours < 12; hours++) {
            bench.pass(Duration.ofHours(1));
        }
        for (String job : jobs) {
            await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
        }
        for (String job : jobs) {
            assertThat(bench.sent)
                    .filteredOn(
                            post -> new String(post.body(), StandardCharsets.UTF_8).contains(job))
                    .hasSizeGreaterThan(1)
                    .extracting(Post::id)
                    .containsOnly(bench.delivery(job).getEventId());
        }
        assertThat(bench.letters).isEmpty();
    }

    @Test
    void whatArrivesInNoTryIsDeadLetteredListedAndSentAgainOnWish() {
        // Given
        AtomicBoolean down = new AtomicBoolean(true);
        bench.take(_ -> down.get() ? Answer.of(500) : Answer.of(200));
        String job = bench.accepted(1, target(HOOK));
        bench.ended(job, JobStatus.COMPLETED);

        // When
        for (int tries = 1; tries <= Ladder.TRIES; tries++) {
            int made = tries;
            await(() -> bench.delivery(job).getTries().size() == made);
            bench.pass(Duration.ofHours(27));
        }

        // Then
        assertThat(bench.delivery(job).getStatus()).isEqualTo(DeliveryStatus.FAILED);
        assertThat(bench.delivery(job).getTries())
                .extracting(DeliveryTry::getError)
                .containsOnly("status");
        assertThat(bench.letters)
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.getReason()).isEqualTo("webhook_exhausted");
                    assertThat(letter.getTenant()).isEqualTo("acme");
                });
        assertThat(bench.deliveries().list(LISTED, 10)).containsExactly(bench.delivery(job));

        // When
        down.set(false);
        bench.again(bench.delivery(job));

        // Then
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
        assertThat(bench.sent).extracting(Post::id).containsOnly(bench.delivery(job).getEventId());
    }

    @Test
    void whatWasDueWhenItsSenderDiedIsSentByTheNext() throws InterruptedException {
        // Given
        CountDownLatch trying = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        bench.take(_ -> {
            trying.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Answer.none("interrupted");
        });
        String job = bench.accepted(1, target(HOOK));
        bench.ended(job, JobStatus.COMPLETED);
        trying.await();

        // When
        bench.lose();
        bench.take(_ -> Answer.of(200));

        // Then
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
        assertThat(bench.sent)
                .hasSize(2)
                .extracting(Post::id)
                .containsOnly(bench.sent.element().id());
        assertThat(bench.delivery(job).getTries()).hasSize(1);
    }

    @Test
    void slowReceiverDelaysNoOtherAndIsNotAskedWithoutBound() {
        // Given
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        bench.take(post -> {
            if (post.url().getHost().equals("slow.example")) {
                atOnce.incrementAndGet();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Answer.of(200);
        });
        for (int i = 0; i < 50; i++) {
            bench.ended(bench.accepted(i, target("https://slow.example/")), JobStatus.COMPLETED);
        }

        // When
        String job = bench.accepted(99, target("https://quick.example/"));
        bench.ended(job, JobStatus.COMPLETED);

        // Then
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);
        await(() -> atOnce.get() == 8);
        end.countDown();
        await(() -> atOnce.get() == 50);
    }

    @Test
    void receiverThatIsGoneIsNotAskedAgain() {
        bench.take(_ -> Answer.of(410));
        bench.endpoint("whe_1", HOOK, EventType.JOB_COMPLETED);
        String job = bench.accepted(1, null);

        bench.ended(job, JobStatus.COMPLETED);

        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.FAILED);
        assertThat(bench.stopped).containsExactly("whe_1");
        assertThat(bench.letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getReason()).isEqualTo("webhook_gone"));
    }

    @Test
    void whatEndedLongerAgoThanDeliveriesAreKeptIsNotToldAgain() {
        bench.take(_ -> Answer.of(200));
        String job = bench.accepted(1, target(HOOK));
        bench.pass(Duration.ofDays(8));

        bench.ended(job, JobStatus.COMPLETED, Bench.NOW);

        assertThat(bench.log()).isEmpty();
    }

    @Test
    void secretThatCannotBeReadAnyMoreIsADeadLetterAndNotAnEndlessTry() {
        bench.take(_ -> Answer.of(200));
        WebhookTarget sealed =
                WebhookTarget.newBuilder()
                        .setUrl(HOOK)
                        .setSealedSecret(ByteBuffer.wrap(new byte[60]))
                        .build();
        String job = bench.accepted(1, sealed);

        bench.ended(job, JobStatus.COMPLETED);

        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.FAILED);
        assertThat(bench.sent).isEmpty();
        assertThat(bench.letters)
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.getReason()).isEqualTo("webhook_secret_unreadable"));
    }

    @Test
    void whatHasEndedIsForgottenAfterAWeek() {
        bench.take(_ -> Answer.of(200));
        String job = bench.accepted(1, target(HOOK));
        bench.ended(job, JobStatus.COMPLETED);
        await(() -> bench.delivery(job).getStatus() == DeliveryStatus.DELIVERED);

        bench.pass(Duration.ofDays(8));

        await(() -> bench.log().isEmpty());
        await(() -> bench.deliveries().list(LISTED, 10).isEmpty());
    }
}
