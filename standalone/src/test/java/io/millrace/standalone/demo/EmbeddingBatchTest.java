package io.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddingBatchTest {

    private static final Passage FIRST = new Passage("a.txt", 1, "one \"quoted\" word");
    private static final Passage SECOND = new Passage("a.txt", 2, "two");

    private final EmbeddingBatch batch = new EmbeddingBatch("m", List.of(FIRST, SECOND));

    @TempDir private Path folder = Path.of("");

    @Test
    void eachPassageIsALineOfTheInput() throws IOException {
        // When
        Path file = folder.resolve("in.jsonl");
        batch.write(file);
        // Then
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(Json.parse(lines.getFirst().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        Json.parse(
                                """
                                {"custom_id": "passage-0", "method": "POST", "url": "/v1/embeddings",
                                 "body": {"model": "m", "input": "one \\"quoted\\" word", "encoding_format": "float"}}
                                """
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void answersFindTheirPassagesInAnyOrder() {
        // When
        Map<Passage, float[]> embedded =
                batch.embedded(bytes(output("passage-1", "0.5") + output("passage-0", "-1")));
        // Then
        assertThat(embedded).containsOnlyKeys(SECOND, FIRST);
        assertThat(embedded.get(FIRST)).containsExactly(-1f);
    }

    @Test
    void refusesAnAnswerToALineThatWasNotSent() {
        assertThatThrownBy(() -> batch.embedded(bytes(output("passage-2", "1"))))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("passage-2");
    }

    @Test
    void refusesAnAnswerWithoutAnEmbedding() {
        assertThatThrownBy(() -> batch.embedded(bytes(output("passage-1", ""))))
                .isInstanceOf(ApiException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String output(String customId, String numbers) {
        return """
        {"custom_id": "%s", "response": {"status_code": 200, "body": {"data": [{"embedding": [%s]}]}}}
        """
                .formatted(customId, numbers);
    }
}
