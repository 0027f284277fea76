package io.millrace.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void quotedAndBareAreTheSame() {
        assertThat(IdempotencyKey.parse("\"order-7\"")).isEqualTo(IdempotencyKey.parse("order-7"));
        assertThat(IdempotencyKey.parse("\"a \\\"b\\\" \\\\\"").value()).isEqualTo("a \"b\" \\");
        assertThat(IdempotencyKey.parse("k".repeat(255)).value()).hasSize(255);
        assertThat(IdempotencyKey.parse("\"" + "k".repeat(255) + "\"").value()).hasSize(255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "\"\"", "\"", "\"open", "open\"", "two words", "naïve", "\"\\x\""})
    void whatIsNoKeyIsRefusedByName(String header) {
        assertThatThrownBy(() -> IdempotencyKey.parse(header))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.error().status()).isEqualTo(400);
                            assertThat(e.error().param()).isEqualTo("Idempotency-Key");
                        });
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThatThrownBy(() -> IdempotencyKey.parse("k".repeat(256)))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> IdempotencyKey.parse("\"" + "k".repeat(300) + "\""))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void keyIsNotShown() {
        assertThat(new IdempotencyKey("order-7")).asString().doesNotContain("order-7");
    }
}
