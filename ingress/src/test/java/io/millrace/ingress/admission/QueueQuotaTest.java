package io.millrace.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.control.TestControl;
import io.millrace.ingress.http.ApiError;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueQuotaTest {

    private static final QueueQuota QUOTA = new QueueQuota(10, 1_000);

    @Test
    void lastJobThatFitsIsTakenAndTheNextIsNot() {
        assertThat(QUOTA.judge(new Queued(9, 0), new Queued(1, 1)))
                .isInstanceOf(QueueVerdict.Room.class);

        ApiError error = refusal(new Queued(10, 0), new Queued(1, 1));

        assertThat(error.status()).isEqualTo(429);
        assertThat(error.code()).isEqualTo("queue_full");
        assertThat(error.message()).contains("queued-jobs", "10");
        assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(error.hopeless()).isFalse();
    }

    @Test
    void tokensAreFullOnTheirOwn() {
        assertThat(QUOTA.judge(new Queued(1, 900), new Queued(1, 100)))
                .isInstanceOf(QueueVerdict.Room.class);
        assertThat(refusal(new Queued(1, 900), new Queued(1, 101)).message())
                .contains("queued-tokens", "900", "1000");
    }

    @Test
    void requestThatNoEmptyQueueWouldTakeIsHopeless() {
        ApiError error = refusal(Queued.NOTHING, new Queued(1, 1_001));

        assertThat(error.hopeless()).isTrue();
        assertThat(error.retryAfter()).isZero();
    }

    @Test
    void tenantWithoutQuotaIsNeverFull() {
        QueueQuota quota = QueueQuota.of(new TenantId("acme"), TestControl.make());

        assertThat(quota.none()).isTrue();
        assertThat(quota.judge(new Queued(1L << 50, 1L << 50), new Queued(1, 1L << 50)))
                .isInstanceOf(QueueVerdict.Room.class);
        assertThat(quota.tight(new Queued(1L << 50, 0))).isFalse();
    }

    @Test
    void littleRoomIsTight() {
        QueueQuota large = new QueueQuota(1_000, 1_000);
        assertThat(large.tight(new Queued(800, 800))).isFalse();
        assertThat(large.tight(new Queued(801, 0))).isTrue();
        assertThat(large.tight(new Queued(0, 801))).isTrue();
        assertThat(QUOTA.tight(new Queued(1, 1))).isTrue();
    }

    @Test
    void chargeIsTheMostThatTheRequestMayUse() {
        JsonNode body =
                Json.parse(
                        "{\"max_tokens\": 10, \"messages\": [{\"role\": \"user\", \"content\": \"12345678\"}]}"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(QueueQuota.charge(Endpoints.CHAT, body, "m", TestControl.make())).isEqualTo(17);
    }

    private static ApiError refusal(Queued queued, Queued wanted) {
        return switch (QUOTA.judge(queued, wanted)) {
            case QueueVerdict.Room() -> throw new AssertionError("taken");
            case QueueVerdict.Full(ApiError error) -> error;
        };
    }
}
