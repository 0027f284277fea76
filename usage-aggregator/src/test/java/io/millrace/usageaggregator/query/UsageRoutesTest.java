package io.millrace.usageaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import io.millrace.usageaggregator.query.Asking.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageRoutesTest {

    private static final Instant TODAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final Instant TWELVE = Instant.parse("2026-11-22T12:00:00Z");
    private static final String CHAT = "/v1/chat/completions";
    private static final String EMBED = "/v1/embeddings";

    private final Asking asking = new Asking();

    @AfterEach
    void close() {
        asking.close();
    }

    @Test
    void dayOfCompletionsHasOpenAisShape() {
        // Given
        asking.cube.count(TWELVE, "acme", "small", CHAT);
        asking.cube.count(TWELVE.plusSeconds(90), "acme", "large", "/v1/messages");
        asking.cube.count(TWELVE, "acme", "minilm", EMBED);

        // When
        Answer answer = asking.ask("/internal/usage/completions?start_time=" + second(TODAY));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .isEqualTo(
                        json(
                                """
                                {"object":"page","data":[{"object":"bucket","start_time":1795305600,
                                "end_time":1795392000,"results":[{
                                "object":"organization.usage.completions.result","input_tokens":20,
                                "input_cached_tokens":8,"output_tokens":4,"output_reasoning_tokens":2,
                                "num_model_requests":2,"num_attempts":4,"num_estimated":2,
                                "user_id":null,"api_key_id":null,"project_id":null,"model":null,
                                "service_tier":null,"batch":null}]}],
                                "has_more":false,"next_page":null}
                                """));
        assertThat(asking.observed).containsExactly("completions 200");
    }

    @Test
    void embeddingsAreGroupedByModelAndTenant() {
        // Given
        asking.cube.count(TWELVE, "acme", "minilm", EMBED);
        asking.cube.count(TWELVE, "acme", "minilm", EMBED);
        asking.cube.count(TWELVE, "other", "minilm", EMBED);

        // When
        Answer answer =
                asking.ask(
                        "/internal/usage/embeddings?bucket_width=1m&start_time=%d&end_time=%d&group_by%%5B%%5D=model&group_by=tenant"
                                .formatted(second(TWELVE), second(TWELVE) + 60));

        // Then
        JsonNode results = answer.json().at("/data/0/results");
        assertThat(results).hasSize(2);
        assertThat(results.get(0))
                .isEqualTo(
                        json(
                                """
                                {"object":"organization.usage.embeddings.result","input_tokens":20,
                                "num_model_requests":2,"num_attempts":4,"num_estimated":2,
                                "user_id":null,"tenant":"acme","api_key_id":null,"project_id":null,
                                "model":"minilm"}
                                """));
        assertThat(results.get(1).path("tenant").textValue()).isEqualTo("other");
    }

    @Test
    void costsAreExactDecimals() {
        // Given
        asking.cube.count(TWELVE, "acme", "small", CHAT);
        asking.cube.count(TWELVE, "acme", "minilm", EMBED);

        // When
        Answer answer =
                asking.ask("/internal/usage/costs?group_by=line_item&start_time=" + second(TODAY));

        // Then
        assertThat(answer.text()).contains("\"amount\":{\"value\":0.0000015,\"currency\":\"usd\"}");
        assertThat(answer.json().at("/data/0/results/0/object").textValue())
                .isEqualTo("organization.costs.result");
        assertThat(answer.json().at("/data/0/results").findValuesAsText("line_item"))
                .containsExactly("minilm", "small");
        assertThat(answer.json().at("/data/0/results/0/project_id").isNull()).isTrue();
    }

    @Test
    void tenantIsRestrictedToItsOwn() {
        // Given
        asking.cube.count(TWELVE, "acme", "small", CHAT);
        asking.cube.count(TWELVE, "other", "small", CHAT);

        // When
        Answer answer =
                asking.ask(
                        "/internal/usage/completions?tenants=other&tenants=acme&group_by=tenant&start_time="
                                + second(TODAY),
                        "X-Millrace-Tenant",
                        "acme");

        // Then
        assertThat(answer.json().at("/data/0/results").findValuesAsText("tenant"))
                .containsExactly("acme");
    }

    @Test
    void filtersNarrowTheSum() {
        // Given
        asking.cube.count(TWELVE, "acme", "small", CHAT);
        asking.cube.count(TWELVE, "acme", "large", CHAT);
        String question = "/internal/usage/completions?start_time=" + second(TODAY);

        // Then
        assertThat(requests(asking.ask(question + "&models=small"))).isEqualTo(1);
        assertThat(
                        requests(
                                asking.ask(
                                        question
                                                + "&models=small&models[]=large"
                                                        .replace("[]", "%5B%5D"))))
                .isEqualTo(2);
        assertThat(requests(asking.ask(question + "&batch=true&api_key_ids=key-acme")))
                .isEqualTo(2);
        assertThat(requests(asking.ask(question + "&batch=false"))).isZero();
        assertThat(requests(asking.ask(question + "&statuses=failed"))).isZero();
    }

    @Test
    void pagesCoverEveryBucketOnce() {
        // Given
        asking.cube.count(TWELVE, "acme", "small", CHAT);
        String question =
                "/internal/usage/completions?bucket_width=1h&limit=5&start_time=" + second(TODAY);

        // When
        List<Long> starts = new ArrayList<>();
        long requests = 0;
        String page = "";
        boolean more = true;
        while (more) {
            Answer answer = asking.ask(question + page);
            for (JsonNode bucket : answer.json().path("data")) {
                starts.add(bucket.path("start_time").longValue());
            }
            requests += requests(answer);
            more = answer.json().path("has_more").booleanValue();
            page = "&page=" + answer.json().path("next_page").textValue();
        }

        // Then: midnight to half past twelve touches thirteen hours
        assertThat(starts).hasSize(13).doesNotHaveDuplicates().isSorted();
        assertThat(requests).isEqualTo(1);
    }

    @Test
    void emptyBucketsAreThereWithoutResults() {
        // When
        Answer answer =
                asking.ask(
                        "/internal/usage/completions?bucket_width=1m&start_time=%d&end_time=%d"
                                .formatted(second(TWELVE), second(TWELVE) + 180));

        // Then
        assertThat(answer.json().path("data")).hasSize(3);
        assertThat(answer.json().at("/data/2/results")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                      | start_time   | missing_required_parameter
                    start_time=soon                         | start_time   | invalid_value
                    start_time=-1                           | start_time   | invalid_value
                    start_time=1&start_time=2               | start_time   | invalid_value
                    start_time=100&end_time=100             | end_time     | invalid_value
                    start_time=1&bucket_width=1w            | bucket_width | invalid_value
                    start_time=1&limit=32                   | limit        | invalid_value
                    start_time=1&limit=0                    | limit        | invalid_value
                    start_time=1&group_by=colour            | group_by     | invalid_value
                    start_time=1&group_by=line_item         | group_by     | invalid_value
                    start_time=1&batch=maybe                | batch        | invalid_value
                    start_time=1&page=page_x                | page         | invalid_value
                    start_time=1&user_ids=x                 | user_ids     | unknown_parameter
                    start_time=1&model=x                    | model        | unknown_parameter
                    """)
    void badParameterIsNamed(String query, String parameter, String code) {
        // When
        Answer answer = asking.ask("/internal/usage/completions?" + query);

        // Then
        JsonNode error = answer.json().path("error");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(error.path("param").textValue()).isEqualTo(parameter);
        assertThat(error.path("code").textValue()).isEqualTo(code);
        assertThat(error.path("type").textValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").textValue()).startsWith("'" + parameter + "'");
    }

    @Test
    void callerWithoutTheCredentialLearnsNothing() {
        // When
        Answer answer =
                asking.ask(
                        "/internal/usage/completions?start_time=1",
                        InternalCredential.HEADER,
                        "0".repeat(64));

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().at("/error/code").textValue())
                .isEqualTo("invalid_internal_credential");
    }

    @Test
    void unknownReportIsNotFound() {
        assertThat(asking.ask("/internal/usage/images?start_time=1").status()).isEqualTo(404);
    }

    @Test
    void whileCellsAreRestoredNothingIsAnswered() {
        // Given
        asking.cube.restoring = true;

        // When
        Answer answer = asking.ask("/internal/usage/costs?start_time=1");

        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(asking.observed).containsExactly("costs 503");
    }

    private static long requests(Answer answer) {
        long requests = 0;
        for (JsonNode result : answer.json().findValues("num_model_requests")) {
            requests += result.longValue();
        }
        return requests;
    }

    private static long second(Instant instant) {
        return instant.getEpochSecond();
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
