package io.millrace.usageaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.usageaggregator.query.Asking.Answer;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtherInstancesTest {

    private static final Instant TWELVE = Instant.parse("2026-11-22T12:00:00Z");
    private static final String QUESTION =
            "/internal/usage/costs?group_by=tenant&group_by=model&group_by=project_id&models=small&start_time="
                    + TWELVE.getEpochSecond();

    private final Asking first = new Asking();
    private final Asking second = new Asking();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void sumsOfAllInstancesAreMerged() {
        // Given
        first.cube.others.put(second.address(), Set.of(1, 2));
        first.cube.count(TWELVE, "acme", "small", "/v1/responses");
        second.cube.count(TWELVE, "acme", "small", "/v1/responses");
        second.cube.count(TWELVE, "other", "small", "/v1/responses");
        second.cube.count(TWELVE, "other", "large", "/v1/responses");

        // When
        Answer answer = first.ask(QUESTION);

        // Then
        assertThat(answer.json().at("/data/0/results").findValuesAsText("tenant"))
                .containsExactly("acme", "other");
        assertThat(answer.text()).contains("\"value\":0.000003,").contains("\"value\":0.0000015,");
    }

    @Test
    void tenantIsRestrictedThereToo() {
        // Given
        first.cube.others.put(second.address(), Set.of(1));
        second.cube.count(TWELVE, "acme", "small", "/v1/responses");
        second.cube.count(TWELVE, "other", "small", "/v1/responses");

        // When
        Answer answer = first.ask(QUESTION, "X-Millrace-Tenant", "acme");

        // Then
        assertThat(answer.json().at("/data/0/results").findValuesAsText("tenant"))
                .containsExactly("acme");
    }

    @Test
    void partIsNeverTakenForTheWhole() {
        // Given
        first.cube.others.put(URI.create("http://127.0.0.1:1"), Set.of(1));
        first.cube.count(TWELVE, "acme", "small", "/v1/responses");

        // Then
        assertThat(first.ask(QUESTION).status()).isEqualTo(503);
    }

    @Test
    void restoringInstanceMakesTheAnswerUnavailable() {
        // Given
        first.cube.others.put(second.address(), Set.of(1));
        second.cube.restoring = true;

        // Then
        assertThat(first.ask(QUESTION).status()).isEqualTo(503);
    }
}
