package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");
    private static final Slots PARTITIONS = new Slots(16);

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyTypeIsSentWithNothingButTheIdOfWhatItIsAbout(EventType type) {
        Event event = new Event(ACME, type, "thing_1", AT);

        assertThat(
                        new String(
                                Event.body(event.id(), type.word(), event.subject(), AT),
                                StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"id\":\"%s\",\"object\":\"event\",\"created_at\":1795348800,\"type\":\"%s\","
                                        .formatted(event.id(), type.word())
                                + "\"data\":{\"id\":\"thing_1\"}}");
        assertThat(EventType.parse(type.word())).contains(type);
        assertThat(type.word()).matches("(job|response|batch|quota|budget)\\.[a-z_]+");
    }

    @Test
    void idFollowsFromWhatHappenedAndFromNothingElse() {
        Event event = new Event(ACME, EventType.JOB_FAILED, "job_1", AT);

        assertThat(event.id())
                .matches("evt_[0-9a-z]{26}")
                .isEqualTo(new Event(ACME, EventType.JOB_FAILED, "job_1", AT.plusSeconds(1)).id())
                .isNotEqualTo(new Event(ACME, EventType.JOB_FAILED, "job_2", AT).id())
                .isNotEqualTo(new Event(ACME, EventType.JOB_EXPIRED, "job_1", AT).id())
                .isNotEqualTo(
                        new Event(new TenantId("other"), EventType.JOB_FAILED, "job_1", AT).id());
    }

    @Test
    void deliveriesOfAnEndpointLiveInOnePartitionWhichTheirIdsName() {
        DeliveryId one = DeliveryId.of(ACME, "whe_1", "", "evt_1", PARTITIONS);
        DeliveryId two = DeliveryId.of(ACME, "whe_1", "", "evt_2", PARTITIONS);

        assertThat(one).isNotEqualTo(two);
        assertThat(one.partition())
                .isEqualTo(two.partition())
                .isEqualTo(DeliveryId.home(ACME, "whe_1", PARTITIONS));
        assertThat(one).isEqualTo(DeliveryId.of(ACME, "whe_1", "", "evt_1", PARTITIONS));
        // an endpoint of many addresses has one for each
        assertThat(DeliveryId.of(ACME, "default", "https://a/", "evt_1", PARTITIONS))
                .isNotEqualTo(DeliveryId.of(ACME, "default", "https://b/", "evt_1", PARTITIONS));
        assertThat(DeliveryId.parse(one.value())).contains(one);
        assertThat(DeliveryId.parse("whd_00")).isEmpty();
        assertThat(new DeliveryId("whd_0f" + "0".repeat(26)).partition())
                .isEqualTo(new ViewPartition(15));
    }

    @Test
    void receiversAreToldApartByTheirOriginAndShareABoundedNumberOfLines() {
        assertThat(line("https://a.example/x")).isEqualTo(line("https://a.example/y?z"));
        assertThat(line("https://a.example/x")).isNotEqualTo(line("https://b.example/x"));
        assertThat(
                        IntStream.range(0, 5_000)
                                .mapToObj(i -> line("https://r%d.example/".formatted(i)))
                                .distinct())
                .hasSizeLessThanOrEqualTo(256);
        assertThat(Next.owner(line("https://a.example/x"))).isEqualTo("acme");
        assertThat(Next.owner(Next.ENDED)).isEqualTo(Next.ENDED);
    }

    private static String line(String url) {
        return Next.of(
                        WebhookDelivery.newBuilder()
                                .setDeliveryId("whd_00" + "0".repeat(26))
                                .setTenant("acme")
                                .setEndpointId("default")
                                .setTarget(Bench.target(url))
                                .setEventId("evt_1")
                                .setEventType("job.failed")
                                .setSubjectId("job_1")
                                .setHappenedAt(AT)
                                .setStatus(DeliveryStatus.PENDING)
                                .setDueAt(AT)
                                .build())
                .line();
    }
}
