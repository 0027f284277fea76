package io.millrace.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingress.http.ApiError;
import io.millrace.schemas.avro.Tier;
import io.millrace.servicekit.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {

    private static final String GOOD =
            """
            {"endpoint": "/v1/embeddings", "body": {"model": "m", "input": "x", "unknown": 1},
             "service_tier": "flex", "completion_window": "24h", "metadata": {"a": "b"}}
            """;

    @Test
    void everyFieldIsRead() {
        Reading reading = read(GOOD);

        assertThat(reading).isInstanceOf(Reading.Read.class);
        JobWish wish = ((Reading.Read) reading).wish();
        assertThat(wish.endpoint()).isEqualTo("/v1/embeddings");
        assertThat(wish.model()).isEqualTo("m");
        assertThat(wish.tier()).isEqualTo(Tier.FLEX);
        assertThat(wish.window()).isEqualTo(Duration.ofHours(24));
        assertThat(wish.metadata()).containsEntry("a", "b");
        assertThat(wish.body().has("unknown")).isTrue();
    }

    @Test
    void anExpiryIsReadAsUnixSeconds() {
        Reading reading = read(GOOD.replace("\"completion_window\": \"24h\"", "\"expires_at\": 7"));

        assertThat(((Reading.Read) reading).wish().expiresAt()).isEqualTo(Instant.ofEpochSecond(7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`[]` | 400 | invalid_type | ``",
                "`{}` | 400 | missing_parameter | endpoint",
                "`{\"endpoint\": \"/v1/x\", \"body\": {}}` | 400 | invalid_value | endpoint",
                "`{\"endpoint\": \"/v1/responses\", \"body\": {}}` | 404 | unsupported_endpoint | endpoint",
                "`{\"endpoint\": \"/v1/embeddings\"}` | 400 | missing_parameter | body",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": []}` | 400 | invalid_type | body",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {}}` | 400 | missing_parameter | body.model",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": 7}}` | 400 | invalid_type | body.model",
                "`{\"endpoint\": \"/v1/embeddings\", \"tenant\": \"x\"}` | 400 | unknown_parameter | tenant",
                "`{\"endpoint\": \"/v1/chat/completions\", \"body\": {\"model\": \"m\", \"stream\": true}}` | 400 | unsupported_parameter | body.stream",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\"}, \"service_tier\": \"gold\"}` | 400 | invalid_value | service_tier",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\"}, \"completion_window\": \"31d\"}` | 400 | invalid_value | completion_window",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\"}, \"expires_at\": 1e30}` | 400 | invalid_type | expires_at",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\"}, \"expires_at\": 9223372036854775807}` | 400 | invalid_type | expires_at",
                "`{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\"}, \"metadata\": {\"a\": 1}}` | 400 | invalid_value | metadata",
            })
    void whatIsWrongIsRefusedByItsField(String json, int status, String code, String param) {
        Reading reading = read(json);

        assertThat(reading).isInstanceOf(Reading.Unreadable.class);
        ApiError error = ((Reading.Unreadable) reading).error();
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.param()).isEqualTo(param);
    }

    private static Reading read(String json) {
        return Envelope.read(Json.parse(json.getBytes(StandardCharsets.UTF_8)));
    }
}
