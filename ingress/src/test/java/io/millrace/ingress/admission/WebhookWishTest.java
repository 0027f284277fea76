package io.millrace.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.http.ApiException;
import io.millrace.servicekit.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookWishTest {

    @Test
    void wishHasAnAddressAndPerhapsTypesAndASecret() {
        assertThat(read("{\"url\": \"https://a/\"}")).isEqualTo(wish("https://a/", null));
        assertThat(
                        read(
                                "{\"url\": \"https://a/\", \"events\": [\"job.failed\"], \"secret\":"
                                        + " \"s\"}"))
                .isEqualTo(wish("https://a/", "s", "job.failed"));
        assertThat(read("{\"url\": \"https://a/\", \"events\": null, \"secret\": null}"))
                .isEqualTo(wish("https://a/", null));
    }

    @Test
    void noWishIsNone() {
        assertThat(WebhookWish.read(null)).isEmpty();
        assertThat(WebhookWish.read(Json.object().path("webhook"))).isEmpty();
        assertThat(WebhookWish.read(Json.object().nullNode())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"https://a/\" | webhook | invalid_type",
                "{} | webhook.url | missing_parameter",
                "{\"url\": 7} | webhook.url | invalid_type",
                "{\"url\": null} | webhook.url | invalid_type",
                "{\"url\": \"u\", \"events\": []} | webhook.events | invalid_value",
                "{\"url\": \"u\", \"events\": \"job.failed\"} | webhook.events | invalid_value",
                "{\"url\": \"u\", \"secret\": 7} | webhook.secret | invalid_type",
                "{\"url\": \"u\", \"header\": \"x\"} | webhook.header | unknown_parameter"
            })
    void wrongWishIsRefusedByTheNameOfItsField(String text, String param, String code) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.error().param()).isEqualTo(param);
                            assertThat(e.error().code()).isEqualTo(code);
                        });
    }

    @Test
    void itsTextHoldsNeitherAddressNorSecret() {
        assertThat(wish("https://a/?token=t", "hidden", "job.failed").toString())
                .doesNotContain("token", "hidden");
    }

    private static WebhookWish read(String text) {
        return WebhookWish.read(Json.parse(text.getBytes(StandardCharsets.UTF_8))).orElseThrow();
    }

    private static WebhookWish wish(String url, @Nullable String secret, String... events) {
        return new WebhookWish(url, List.of(events), secret);
    }
}
