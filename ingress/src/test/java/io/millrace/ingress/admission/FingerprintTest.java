package io.millrace.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.servicekit.http.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static final String WISH =
            """
            {"endpoint": "/v1/embeddings", "body": {"model": "m", "input": ["x", {"a": 1, "b": 2}]}}
            """;

    @Test
    void sameFieldsAreTheSameHoweverTheyAreWritten() {
        assertThat(of(WISH))
                .isEqualTo(
                        of(
                                """
                                {"service_tier":"default","metadata":{},
                                 "body":{"input":["x",{"b":2,"a":1}],"model":"\\u006d"},
                                 "endpoint":"/v1/embeddings"}
                                """))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void everyFieldCounts() {
        assertThat(of(WISH.replace("\"x\"", "\"y\""))).isNotEqualTo(of(WISH));
        assertThat(with("\"service_tier\": \"flex\"")).isNotEqualTo(of(WISH));
        assertThat(with("\"completion_window\": \"1h\"")).isNotEqualTo(of(WISH));
        assertThat(with("\"completion_window\": \"1h\""))
                .isEqualTo(with("\"completion_window\": \"60m\""));
        assertThat(with("\"expires_at\": 1800000000")).isNotEqualTo(of(WISH));
        assertThat(with("\"metadata\": {\"a\": \"b\"}")).isNotEqualTo(of(WISH));
    }

    private static String with(String field) {
        return of("{" + field + "," + WISH.strip().substring(1));
    }

    private static String of(String envelope) {
        return switch (Envelope.read(Json.parse(envelope.getBytes(StandardCharsets.UTF_8)))) {
            case Reading.Read(JobWish wish) -> Fingerprint.of(wish);
            case Reading.Unreadable(var error) -> throw new AssertionError(error);
        };
    }
}
