package io.millrace.dispatcher.provider.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {

    @Test
    void modelIsTheProvidersAndNothingIsStreamed() {
        assertThat(
                        of(
                                """
                                {"stream":true,"model":"ours","stream_options":{"a":[1]},"n":1}
                                """))
                .contains("{\"model\":\"theirs\",\"n\":1}");
    }

    @Test
    void whatIsNotKnownIsPassedOnAsItCame() {
        assertThat(of("{\"x\":{\"model\":\"kept\",\"y\":[1.50,null,18446744073709551616]}}"))
                .contains(
                        "{\"model\":\"theirs\",\"x\":{\"model\":\"kept\",\"y\":[1.50,null,18446744073709551616]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{} {}", "{\"a\":}", "{\"a\":1,\"a\":2}"})
    void whatIsNoJsonObjectIsNotSent(String body) {
        assertThat(of(body)).isEmpty();
    }

    private static Optional<String> of(String body) {
        return RequestBody.of(body.getBytes(UTF_8), "theirs")
                .map(bytes -> new String(bytes, UTF_8));
    }
}
