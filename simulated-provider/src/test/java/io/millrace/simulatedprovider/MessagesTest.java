package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessagesTest {

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
    void answerHasAnthropicsShapeAndCountsItsWords() {
        // When
        HttpResponse<String> response = ask("sim", "\"max_tokens\": 100, \"system\": \"be kind\"");

        // Then
        JsonNode answer = Running.json(response);
        String text = answer.at("/content/0/text").asText();
        assertThat(response.headers().firstValue("request-id")).isPresent();
        assertThat(answer.path("type").asText()).isEqualTo("message");
        assertThat(answer.path("role").asText()).isEqualTo("assistant");
        assertThat(answer.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(answer.at("/usage/input_tokens").asInt()).isEqualTo(4);
        assertThat(answer.at("/usage/output_tokens").asInt()).isEqualTo(text.split(" ", -1).length);
    }

    @Test
    void maximumCutsTheAnswer() {
        // When
        JsonNode answer = Running.json(ask("sim", "\"max_tokens\": 2"));

        // Then
        assertThat(answer.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(answer.at("/usage/output_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void streamHasItsEventsInTheOrderThatClientsNeed() {
        // When
        HttpResponse<String> response = ask("sim-words-2", "\"max_tokens\": 9, \"stream\": true");

        // Then
        List<String> types = new ArrayList<>();
        List<JsonNode> events = new ArrayList<>();
        for (String event : response.body().strip().split("\n\n", -1)) {
            String[] lines = event.split("\n", -1);
            types.add(lines[0].substring("event: ".length()));
            events.add(Running.json(lines[1].substring("data: ".length())));
        }
        assertThat(types)
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.stream().map(event -> event.path("type").asText())).isEqualTo(types);
        assertThat(events.getFirst().at("/message/usage/input_tokens").asInt()).isEqualTo(2);
        assertThat(events.getFirst().at("/message/content")).isEmpty();
        assertThat(events.get(6).at("/usage/output_tokens").asInt()).isEqualTo(2);
        assertThat(events.get(6).at("/delta/stop_reason").asText()).isEqualTo("end_turn");
    }

    @Test
    void errorsHaveAnthropicsShape() {
        // When
        JsonNode missing = Running.json(ask("sim", "\"x\": 1"));
        JsonNode unknown = Running.json(ask("claude", "\"max_tokens\": 1"));
        JsonNode overloaded = Running.json(ask("sim-529", "\"max_tokens\": 1"));

        // Then
        assertThat(missing.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(unknown.at("/error/type").asText()).isEqualTo("not_found_error");
        assertThat(overloaded.at("/error/type").asText()).isEqualTo("overloaded_error");
        assertThat(overloaded.path("type").asText()).isEqualTo("error");
    }

    private HttpResponse<String> ask(String model, String members) {
        return running.post(
                "/v1/messages",
                """
                {"model": "%s", %s, "messages": [{"role": "user", "content": "hello there"}]}
                """
                        .formatted(model, members));
    }
}
