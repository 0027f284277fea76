package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCompletionsTest {

    private static final String PATH = "/v1/chat/completions";

    @TempDir private Path folder;
    private Running running;

    @BeforeEach
    void start() throws IOException {
        running = Running.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        running.close();
    }

    @Test
    void answerHasOpenAisShapeAndCountsItsWords() {
        // When
        HttpResponse<String> response = running.ask("sim");

        // Then
        JsonNode answer = Running.json(response);
        String text = answer.at("/choices/0/message/content").asText();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asText()).isEqualTo("sim");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/prompt_tokens").asLong()).isEqualTo(2);
        assertThat(answer.at("/usage/completion_tokens").asInt())
                .isEqualTo(text.split(" ", -1).length)
                .isBetween(8, 24);
        assertThat(answer.at("/usage/total_tokens").asInt())
                .isEqualTo(2 + text.split(" ", -1).length);
    }

    @Test
    void answerIsAnEchoThatOnlyQuestionAndSeedDecide() throws IOException {
        // Given
        String first = content(running.ask("sim"));

        // When
        String again = content(running.ask("sim"));
        String other = content(running.post(PATH, Running.chat("sim").replace("hello", "bye")));

        // Then
        assertThat(again).isEqualTo(first).contains("hello").startsWith("echo-");
        assertThat(other).isNotEqualTo(first);
        running.close();
        try (Running reseeded =
                Running.in(
                        folder,
                        SimulatedProviderConfig.DEFAULTS.withSeed(2),
                        InstantSource.system())) {
            assertThat(content(reseeded.ask("sim"))).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"max_tokens\": 3,", "\"max_completion_tokens\": 3,"})
    void maximumCutsTheAnswer(String maximum) {
        // When
        JsonNode answer = Running.json(running.post(PATH, Running.chat("sim", maximum)));

        // Then
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(3);
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void modelNameSaysHowLongTheAnswerIs() {
        // When
        JsonNode answer = Running.json(running.ask("sim-words-500"));

        // Then
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(500);
    }

    @Test
    void partsOfAMessageAreCountedTogether() {
        // Given
        String question =
                """
                {"model": "sim", "messages": [
                  {"role": "system", "content": "be kind"},
                  {"role": "user", "content": [{"type": "text", "text": "one two"}, {"type": "text", "text": "three"}]}]}
                """;

        // When
        JsonNode answer = Running.json(running.post(PATH, question));

        // Then
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void streamAddsUpToTheAnswerAndEndsWithReasonUsageAndDone() {
        // Given
        String whole = content(running.ask("sim"));

        // When
        HttpResponse<String> response =
                running.post(
                        PATH,
                        Running.chat(
                                "sim",
                                "\"stream\": true, \"stream_options\": {\"include_usage\": true},"));

        // Then
        List<String> events = events(response.body());
        List<JsonNode> chunks =
                events.subList(0, events.size() - 1).stream().map(Running::json).toList();
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText()));
        JsonNode usage = chunks.getLast();
        assertThat(response.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(events.getLast()).isEqualTo("[DONE]");
        assertThat(text).hasToString(whole);
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(usage.path("choices").isArray()).isTrue();
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").asInt())
                .isEqualTo(whole.split(" ", -1).length);
    }

    @Test
    void streamHasNoUsageUnlessAskedTo() {
        // When
        HttpResponse<String> response =
                running.post(PATH, Running.chat("sim", "\"stream\": true,"));

        // Then
        assertThat(response.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void streamIsPacedByTheModelsName() {
        // Given
        String question = Running.chat("sim-words-10-every-5ms", "\"stream\": true,");
        long start = System.nanoTime();

        // When
        HttpResponse<String> response = running.post(PATH, question);

        // Then
        assertThat(events(response.body())).hasSize(13);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(12 * 5_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"model\": \"sim\"}",
                "{\"model\": \"sim\", \"messages\": []}",
                "{\"model\": \"sim\", \"messages\": [{}]}",
                "{\"model\": 7, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "{\"model\": \"sim\", \"max_tokens\": 0, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"
            })
    void whatIsNoQuestionIsABadRequest(String body) {
        // When
        HttpResponse<String> response = running.post(PATH, body);

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Running.json(response).at("/error/type").asText())
                .isEqualTo("invalid_request_error");
        assertThat(running.onlyEnd().status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "sim-hagn", "simulated", "sim-50ms-", "sim-drip-2of0"})
    void nameThatIsNoModelIsNotFound(String model) {
        // When
        HttpResponse<String> response = running.ask(model);

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Running.json(response).at("/error/code").asText()).isEqualTo("model_not_found");
        assertThat(running.calls().getFirst().started().model()).isEqualTo(model);
    }

    private static String content(HttpResponse<String> response) {
        return Running.json(response).at("/choices/0/message/content").asText();
    }

    private static List<String> events(String stream) {
        return Arrays.stream(stream.split("\n\n", -1))
                .filter(event -> !event.isEmpty())
                .map(event -> event.substring("data: ".length()))
                .toList();
    }
}
