package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {

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
    void textBecomesAVectorOfLengthOneInOpenAisShape() {
        // When
        JsonNode answer = embed("\"input\": \"may I use it\"");

        // Then
        List<Float> vector = floats(answer.at("/data/0/embedding"));
        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.at("/data/0/object").asText()).isEqualTo("embedding");
        assertThat(vector).hasSize(8);
        assertThat(vector.stream().mapToDouble(v -> v * v).sum()).isCloseTo(1, within(1e-6));
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void vectorsOfAListStandInItsOrderAndDependOnTheirTextAlone() {
        // Given
        JsonNode alone = embed("\"input\": \"b\"");

        // When
        JsonNode answer = embed("\"input\": [\"a\", \"b\", \"a\"]");

        // Then
        assertThat(answer.path("data")).hasSize(3);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/data/1/embedding")).isEqualTo(alone.at("/data/0/embedding"));
        assertThat(answer.at("/data/2/embedding")).isEqualTo(answer.at("/data/0/embedding"));
        assertThat(answer.at("/data/0/embedding")).isNotEqualTo(answer.at("/data/1/embedding"));
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void base64HoldsTheSameFloatsInLittleEndian() {
        // Given
        JsonNode plain = embed("\"input\": \"a\", \"dimensions\": 384");

        // When
        JsonNode encoded =
                embed("\"input\": \"a\", \"dimensions\": 384, \"encoding_format\": \"base64\"");

        // Then
        byte[] bytes = Base64.getDecoder().decode(encoded.at("/data/0/embedding").asText());
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Float> decoded = new ArrayList<>();
        while (buffer.hasRemaining()) {
            decoded.add(buffer.getFloat());
        }
        assertThat(decoded).hasSize(384).isEqualTo(floats(plain.at("/data/0/embedding")));
    }

    @Test
    void tokensAreTakenForText() {
        // When
        JsonNode answer = embed("\"input\": [[1, 2, 3], [4]]");

        // Then
        assertThat(answer.path("data")).hasSize(2);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\": 1",
                "\"input\": []",
                "\"input\": [true]",
                "\"input\": {\"a\": 1}",
                "\"input\": \"a\", \"dimensions\": 0",
                "\"input\": \"a\", \"dimensions\": 70368744177663",
                "\"input\": \"a\", \"dimensions\": 4097",
                "\"input\": \"a\", \"dimensions\": 1.5",
                "\"input\": \"a\", \"encoding_format\": \"hex\""
            })
    void whatCannotBeEmbeddedIsABadRequest(String members) {
        assertThat(post(members).statusCode()).isEqualTo(400);
    }

    private JsonNode embed(String members) {
        HttpResponse<String> response = post(members);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Running.json(response);
    }

    private HttpResponse<String> post(String members) {
        return running.post("/v1/embeddings", "{\"model\": \"sim\", %s}".formatted(members));
    }

    private static List<Float> floats(JsonNode array) {
        List<Float> floats = new ArrayList<>();
        array.forEach(value -> floats.add(value.floatValue()));
        return floats;
    }
}
