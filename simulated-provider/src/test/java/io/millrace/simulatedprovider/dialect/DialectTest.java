package io.millrace.simulatedprovider.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulatedprovider.behaviour.Seed;
import io.millrace.simulatedprovider.behaviour.UsageClaim;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked and answered, without a socket. */
class DialectTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT =
            "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}]%s}";

    @ParameterizedTest
    @EnumSource(Endpoint.class)
    void endpointIsFoundByItsPath(Endpoint endpoint) {
        assertThat(Endpoint.at(endpoint.path())).contains(endpoint);
        assertThat(Endpoint.at(endpoint.path() + "/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT_COMPLETIONS | []                                                    | JSON object",
                "CHAT_COMPLETIONS | {\"messages\":[{\"role\":\"user\"}]}                  | model",
                "CHAT_COMPLETIONS | {\"model\":\"m\",\"messages\":[]}                     | at least one",
                "CHAT_COMPLETIONS | {\"model\":\"m\",\"messages\":[{}]}                   | role",
                "CHAT_COMPLETIONS | {\"model\":\"m\",\"max_tokens\":0}                    | max_tokens",
                "MESSAGES         | {\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}  | max_tokens",
                "EMBEDDINGS       | {\"model\":\"m\"}                                     | input",
                "EMBEDDINGS       | {\"model\":\"m\",\"input\":[1.5]}                     | texts or tokens",
                "EMBEDDINGS       | {\"model\":\"m\",\"input\":\"x\",\"dimensions\":5000} | dimensions",
                "EMBEDDINGS       | {\"model\":\"m\",\"input\":\"x\",\"encoding_format\":\"hex\"} | encoding_format"
            })
    void whatIsNoQuestionIsRefusedWithTheReason(Endpoint endpoint, String body, String reason) {
        assertThatExceptionOfType(InvalidInquiryException.class)
                .isThrownBy(() -> endpoint.read(body.getBytes(UTF_8)))
                .satisfies(refusal -> assertThat(refusal.reason()).contains(reason));
    }

    @Test
    void sameQuestionHasTheSameAnswerWhoeverAsksWhenever() throws Exception {
        assertThat(text(chat("", 1))).isEqualTo(text(chat("", 2)));
    }

    @Test
    void answerIsCutAtTheTokensAllowedAndSaysSo() throws Exception {
        // When
        Answered answered = chat(",\"max_completion_tokens\":3,\"max_tokens\":5", 1);

        // Then
        assertThat(answered.usage()).isEqualTo(new Usage(2, 3));
        JsonNode choice = json(answered.answer().parts().getFirst()).at("/choices/0");
        assertThat(choice.at("/message/content").asText().split(" ", -1)).hasSize(3);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void streamAddsUpToTheWholeAnswer() throws Exception {
        // When
        Answer stream =
                chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}", 1).answer();

        // Then
        List<String> events = stream.parts().stream().map(part -> new String(part, UTF_8)).toList();
        StringBuilder text = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            text.append(
                    json(event.substring("data: ".length()).getBytes(UTF_8))
                            .at("/choices/0/delta/content")
                            .asText());
        }
        assertThat(text).hasToString(text(chat("", 1)));
        assertThat(events.getLast()).isEqualTo("data: [DONE]\n\n");
        assertThat(events.get(events.size() - 2)).contains("\"prompt_tokens\":2");
    }

    @Test
    void messagesCountTheSystemsWordsToo() throws Exception {
        // When
        Answered answered =
                Endpoint.MESSAGES
                        .read(
                                CHAT.formatted(",\"system\":\"be kind\",\"max_tokens\":4")
                                        .getBytes(UTF_8))
                        .answer(rendering(1));

        // Then
        JsonNode message = json(answered.answer().parts().getFirst());
        assertThat(answered.usage()).isEqualTo(new Usage(4, 4));
        assertThat(message.at("/usage/input_tokens").asInt()).isEqualTo(4);
        assertThat(message.at("/content/0/type").asText()).isEqualTo("text");
        assertThat(message.path("stop_reason").asText()).isEqualTo("max_tokens");
    }

    @Test
    void embeddingsAreUnitVectorsOneAnInput() throws Exception {
        // When
        Answered answered =
                Endpoint.EMBEDDINGS
                        .read(
                                "{\"model\":\"sim\",\"input\":[\"a b\",[1,2,3]],\"dimensions\":16}"
                                        .getBytes(UTF_8))
                        .answer(rendering(1));

        // Then
        JsonNode data = json(answered.answer().parts().getFirst()).path("data");
        assertThat(answered.usage()).isEqualTo(new Usage(5, 0));
        assertThat(data).hasSize(2);
        for (JsonNode item : data) {
            double squares =
                    StreamSupport.stream(item.path("embedding").spliterator(), false)
                            .mapToDouble(value -> value.asDouble() * value.asDouble())
                            .sum();
            assertThat(item.path("embedding")).hasSize(16);
            assertThat(squares).isBetween(0.999, 1.001);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, rate_limit_error", "529, overloaded_error", "404, not_found_error"})
    void errorsHaveTheShapeOfTheirDialect(int status, String type) throws Exception {
        // When
        JsonNode anthropic = json(Endpoint.MESSAGES.error(status, "c", "m").parts().getFirst());
        JsonNode openAi =
                json(Endpoint.CHAT_COMPLETIONS.error(status, "c", "m").parts().getFirst());

        // Then
        assertThat(anthropic.path("type").asText()).isEqualTo("error");
        assertThat(anthropic.at("/error/type").asText()).isEqualTo(type);
        assertThat(openAi.at("/error/code").asText()).isEqualTo("c");
        assertThat(openAi.at("/error/message").asText()).isEqualTo("m");
    }

    private static Answered chat(String more, long call) throws InvalidInquiryException {
        return Endpoint.CHAT_COMPLETIONS
                .read(CHAT.formatted(more).getBytes(UTF_8))
                .answer(rendering(call));
    }

    private static Rendering rendering(long call) {
        return new Rendering(new Seed(7), call, NOON.plusSeconds(call), 0, UsageClaim.TRUE);
    }

    private static String text(Answered answered) throws IOException {
        return json(answered.answer().parts().getFirst()).at("/choices/0/message/content").asText();
    }

    private static JsonNode json(byte[] body) throws IOException {
        return JSON.readTree(body);
    }
}
