package io.millrace.dispatcher.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.KeySource;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.RawServer;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiProviderTest {

    private static final String KEY = "sk-canary-000011112222";
    private static final String GOOD =
            """
            {"choices":[{"index":0,"message":{"content":"four"}}],"usage":%s}
            """;

    @Test
    void requestIsTheClientsButForModelAndStream() throws IOException {
        try (RawServer server = RawServer.answering(200, "", GOOD.formatted("{}"))) {
            // When
            call(server, () -> List.of(KEY));

            // Then
            String request = server.requests().element();
            JsonNode sent =
                    Json.parse(request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(UTF_8));
            JsonNode asked = Json.parse(Calls.CHAT.getBytes(UTF_8));
            assertThat(sent.path("model").asText()).isEqualTo("theirs");
            assertThat(sent.has("stream")).isFalse();
            assertThat(sent.has("stream_options")).isFalse();
            assertThat(sent.path("messages")).isEqualTo(asked.path("messages"));
            assertThat(sent.path("seed")).isEqualTo(asked.path("seed"));
            assertThat(sent.path("unknown").toString()).isEqualTo("{\"kept\":[1.50,null]}");
            assertThat(request.lines())
                    .startsWith("POST /v1/chat/completions HTTP/1.1")
                    .contains(
                            "Authorization: Bearer " + KEY,
                            "x-millrace-job: " + Calls.JOB.value(),
                            "x-millrace-attempt: 2",
                            "traceparent: 00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01");
        }
    }

    @Test
    void providerWithoutKeysIsCalledWithoutAuthorization() throws IOException {
        try (RawServer server = RawServer.answering(200, "", GOOD.formatted("{}"))) {
            call(server, List::of);

            assertThat(server.requests()).noneMatch(request -> request.contains("Authorization"));
        }
    }

    @Test
    void detailsOfUsageAreRead() throws IOException {
        String usage =
                """
                {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
                 "prompt_tokens_details":{"cached_tokens":60},
                 "completion_tokens_details":{"reasoning_tokens":40}}
                """;
        try (RawServer server = RawServer.answering(200, "", GOOD.formatted(usage))) {
            assertThat(usage(call(server, List::of)))
                    .isEqualTo(
                            new Usage(
                                    new Tokens(100),
                                    new Tokens(50),
                                    new Tokens(60),
                                    new Tokens(40),
                                    false));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    null                                                                                | 7   | 1
                    {"prompt_tokens":-1,"completion_tokens":50}                                         | 7   | 50
                    {"prompt_tokens":100,"completion_tokens":1e99}                                      | 100 | 1
                    {"prompt_tokens":"100","completion_tokens":50}                                      | 7   | 50
                    {"prompt_tokens":100,"completion_tokens":99999999999999999999}                      | 100 | 1
                    {"prompt_tokens":100,"completion_tokens":100000001}                                 | 100 | 1
                    {"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":101}} | 100 | 50
                    """)
    void impossiblePartsOfUsageAreReplacedByEstimates(String stated, long input, long output)
            throws IOException {
        try (RawServer server = RawServer.answering(200, "", GOOD.formatted(stated))) {
            // When
            Usage usage = usage(call(server, List::of));

            // Then
            assertThat(usage.estimated()).isTrue();
            assertThat(usage.output().count()).isEqualTo(output);
            assertThat(usage.input().count()).isCloseTo(input, within(3L));
            assertThat(usage.cachedInput().count()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"error":{"message":"m","code":429}}                     | 429
                    {"error":{"message":"m","code":503}}                     | 503
                    {"error":{"message":"m","type":"rate_limit_error"}}      | 429
                    {"error":{"message":"m","type":"overloaded_error"}}      | 502
                    {"error":"out of memory"}                                | 502
                    """)
    void errorInAGoodStatusIsRetryableAsItNamesItself(String body, int status) throws IOException {
        try (RawServer server = RawServer.answering(200, "", body)) {
            assertThat(call(server, List::of))
                    .isInstanceOfSatisfying(
                            Retryable.class,
                            outcome -> assertThat(outcome.status()).isEqualTo(status));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"error":{"message":"m","code":404}}                       | 404
                    {"error":{"message":"m","type":"invalid_request_error"}}   | 400
                    {"error":{"message":"m","code":"context_length_exceeded"}} | 400
                    """)
    void errorInAGoodStatusIsRefusedIfNoRetryHelps(String body, int status) throws IOException {
        try (RawServer server = RawServer.answering(200, "", body)) {
            assertThat(call(server, List::of))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            outcome -> assertThat(outcome.status()).isEqualTo(status));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":null}",
                "{\"choices\":[1]}",
                "{\"choices\":[{}]} {}",
                "{\"choices\":[{}]",
                "<html>",
                "{\"choices\":[{}],\"choices\":[{}]}"
            })
    void answerOfAnotherShapeIsUnknown(String body) throws IOException {
        try (RawServer server = RawServer.answering(200, "", body)) {
            assertBroken(call(server, List::of));
        }
    }

    @Test
    void deepAnswerIsUnknown() throws IOException {
        String body = "{\"choices\":" + "[".repeat(100_000);
        try (RawServer server = RawServer.answering(200, "", body)) {
            assertBroken(call(server, List::of));
        }
    }

    @Test
    void compressedAnswerIsUnknown() throws IOException {
        String headers = "content-encoding: gzip\r\n";
        try (RawServer server = RawServer.answering(200, headers, GOOD.formatted("{}"))) {
            assertBroken(call(server, List::of));
        }
    }

    @Test
    void refusedKeyIsSetAsideForTheNext() throws IOException {
        try (RawServer server = keysUnder("sk-good")) {
            // Given
            JsonProvider provider = provider(server, () -> List.of("sk-bad1", "sk-good"));

            // When
            Outcome first = VirtualCall.result(() -> provider.call(Calls.chat("theirs")));
            Outcome second = VirtualCall.result(() -> provider.call(Calls.chat("theirs")));
            Outcome third = VirtualCall.result(() -> provider.call(Calls.chat("theirs")));

            // Then
            assertThat(first).isInstanceOf(Retryable.class);
            assertThat(second).isInstanceOf(Completed.class);
            assertThat(third).isInstanceOf(Completed.class);
            provider.close();
        }
    }

    @Test
    void clientIsNotToldThatItsKeyIsWrongWhenOursIs() throws IOException {
        try (RawServer server = keysUnder("sk-other")) {
            // When
            Outcome outcome = call(server, () -> List.of(KEY));

            // Then
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Retryable.class,
                            refused -> {
                                assertThat(refused.status()).isEqualTo(502);
                                assertThat(refused.after()).contains(Duration.ofSeconds(3));
                                assertThat(refused.error().code())
                                        .isEqualTo("provider_key_refused");
                                assertThat(refused.body()).asString().doesNotContain("sk-");
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429, 500, 200})
    void errorThatQuotesOurKeyIsScrubbed(int status) throws IOException {
        String body =
                """
                {"error":{"message":"bad %s, known as sk-cana***2222","code":"x-%s","param":"%s","type":"%s"}}
                """
                        .formatted(KEY, KEY, KEY, KEY);
        try (RawServer server = RawServer.answering(status, "", body)) {
            // When
            Outcome outcome = call(server, () -> List.of(KEY));

            // Then
            String shown =
                    switch (outcome) {
                        case Retryable(_, byte[] json, var error, _) ->
                                new String(json, UTF_8) + error;
                        case Refused(_, byte[] json, var error, _) ->
                                new String(json, UTF_8) + error;
                        case Completed _, Unknown _ -> throw new AssertionError(outcome);
                    };
            assertThat(shown).contains("bad ***").doesNotContain("canary").doesNotContain("2222");
        }
    }

    @Test
    void errorThatIsNoJsonHasAMessageOfOurs() throws IOException {
        try (RawServer server = RawServer.answering(500, "", "<html>".repeat(50_000))) {
            assertThat(call(server, List::of))
                    .isInstanceOfSatisfying(
                            Retryable.class,
                            outcome ->
                                    assertThat(outcome.body())
                                            .asString()
                                            .contains("the provider answered 500")
                                            .doesNotContain("html"));
        }
    }

    private static RawServer keysUnder(String good) {
        byte[] completed = RawServer.answer(200, "", GOOD.formatted("{}"));
        byte[] refused =
                RawServer.answer(401, "", "{\"error\":{\"message\":\"wrong sk-canary-0000\"}}");
        return RawServer.start((request, to) -> {
            to.write(request.contains("Bearer " + good + "\r\n") ? completed : refused);
            return true;
        });
    }

    private static Outcome call(RawServer server, KeySource keys) {
        try (JsonProvider provider = provider(server, keys)) {
            return VirtualCall.result(() -> provider.call(Calls.chat("theirs")));
        }
    }

    private static JsonProvider provider(RawServer server, KeySource keys) {
        return new JsonProvider(
                new OpenAi(),
                "raw",
                server.url() + "/v1/",
                keys,
                HttpLimits.of(4, Calls.LONG, Calls.LONG, Calls.LONG),
                Transport.DEFAULT,
                AnswerMemory.ofHeap(),
                InstantSource.system());
    }

    private static Usage usage(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Completed.class);
        return ((Completed) outcome).usage();
    }

    private static void assertBroken(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("broken_answer"));
    }
}
