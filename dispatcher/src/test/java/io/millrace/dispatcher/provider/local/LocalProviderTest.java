package io.millrace.dispatcher.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class LocalProviderTest {

    @TempDir private static Path directory;
    private static Embedder embedder;
    private static LocalProvider provider;

    @BeforeAll
    static void open() {
        embedder = new Embedder(directory, 2);
        provider = new LocalProvider(embedder, InstantSource.system());
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    @Test
    void vectorsTellMeaning() {
        // When
        float[] question = vector("may I use the trademark?");
        float[] near =
                vector("This licence does not grant permission to use trade names or marks.");
        float[] far = vector("The recipe needs two eggs and a cup of flour.");

        // Then
        assertThat(question).hasSize(384);
        assertThat(dot(question, question)).isCloseTo(1, within(1e-5));
        assertThat(dot(question, near)).isGreaterThan(dot(question, far) + 0.2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hello
                    Some quick words, with punctuation!
                    Ünïcödé 漢字 and emoji 🙂
                    """)
    void vectorsAreThoseOfLangchain4j(String text) {
        // Given
        float[] expected =
                new AllMiniLmL6V2QuantizedEmbeddingModel().embed(text).content().vector();

        // Then
        assertThat(dot(vector(text), expected)).isGreaterThan(0.999);
    }

    @Test
    void base64HasTheSameNumbers() {
        // When
        JsonNode data = data(completed(request("some text").put("encoding_format", "base64")));

        // Then
        byte[] bytes = Base64.getDecoder().decode(data.at("/0/embedding").asText());
        float[] decoded = new float[384];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
        assertThat(decoded).containsExactly(vector("some text"));
    }

    @ParameterizedTest
    @CsvSource({"hello, 1", "hello world, 2", "embeddings, 4", "a b c d, 4"})
    void tokensAreTheModelsOwn(String text, long tokens) {
        assertThat(completed(request(text)).usage()).isEqualTo(Usage.of(tokens, 0));
    }

    @Test
    void longTextIsEmbeddedToItsEnd() {
        // Given
        String beginning = "water ".repeat(600);

        // When
        Completed completed = completed(request(beginning + "music ".repeat(600)));

        // Then
        assertThat(completed.usage().input().count()).isEqualTo(1_200);
        assertThat(dot(vector(beginning + "music ".repeat(600)), vector(beginning)))
                .isLessThan(0.99);
    }

    @Test
    void inputsKeepTheirOrder() {
        // Given
        ObjectNode request = Json.object();
        ArrayNode input = request.putArray("input");
        for (int i = 0; i < 40; i++) {
            input.add("number %d %s".formatted(i, "x ".repeat(i % 7 * 20)));
        }

        // When
        JsonNode data = data(completed(request));

        // Then
        assertThat(data).hasSize(40);
        for (int i = 0; i < 40; i += 13) {
            assertThat(floats(data.get(i))).containsExactly(vector(input.get(i).asText()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"input":[1,2,3]}                              | input
                    {"input":[[1,2],[3]]}                          | input
                    {"input":""}                                   | input
                    {"input":["a",""]}                             | input
                    {"input":[]}                                   | input
                    {"input":[null]}                               | input
                    {"input":"a","dimensions":256}                 | dimensions
                    {"input":"a","dimensions":70368744177663}      | dimensions
                    {"input":"a","dimensions":"384"}               | dimensions
                    {"input":"a","encoding_format":"int8"}         | encoding_format
                    """)
    void wrongRequestIsRefusedByItsParameter(String body, String param) {
        assertRefused(body, param);
    }

    @Test
    void tooManyOrTooLongInputsAreRefused() {
        ObjectNode many = Json.object();
        many.putArray("input")
                .addAll(Stream.generate(() -> Json.object().textNode("a")).limit(2_049).toList());
        assertRefused(many.toString(), "input");
        assertRefused(request("word ".repeat(8_193)).toString(), "input");
        assertRefused(request("a".repeat(10_000_000)).toString(), "input");
    }

    @Test
    void whatTheModelHasIsNotRefused() {
        ObjectNode request = request("a").put("dimensions", 384).put("user", "x").putNull("other");
        completed(request.put("encoding_format", "float"));
        completed(request("   ")); // no word, but a text
    }

    @Test
    void longListEndsAtTheDeadline() {
        // Given
        ObjectNode request = Json.object();
        ArrayNode input = request.putArray("input");
        for (int i = 0; i < 2_000; i++) {
            input.add("long text ".repeat(200));
        }
        vector("loaded");
        long start = System.nanoTime();

        // When
        Outcome outcome = call(request.toString(), Duration.ofMillis(300));

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void nothingIsWrittenOutsideTheDirectory() throws IOException {
        // Given
        vector("loaded");

        // Then
        assertThat(System.getProperty("onnxruntime.native.path")).isNotEmpty();
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isNotEmpty();
        assertThat(Path.of(System.getProperty("user.home"), ".djl.ai")).doesNotExist();
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("all-minilm-l6-v2-q.onnx")
                    .noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void modelThatCannotBeLoadedIsRetryable() throws IOException {
        // Given
        Path file = Files.createTempFile(directory, "no", "directory");
        try (Embedder broken = new Embedder(file.resolve("below"), 1)) {
            LocalProvider unavailable = new LocalProvider(broken, InstantSource.system());

            // When
            Outcome outcome =
                    VirtualCall.result(() ->
                            unavailable.call(
                                    Calls.embeddings(LocalProvider.MODEL, "{\"input\":\"a\"}")));

            // Then
            assertThat(outcome).isInstanceOf(Retryable.class);
        }
    }

    private static ObjectNode request(String input) {
        return Json.object().put("input", input);
    }

    private static Outcome call(String body, Duration within) {
        return VirtualCall.result(() ->
                provider.call(Calls.call("/v1/embeddings", LocalProvider.MODEL, body, within)));
    }

    private static Completed completed(ObjectNode request) {
        Outcome outcome = call(request.toString(), Calls.LONG);
        assertThat(outcome).isInstanceOf(Completed.class);
        return (Completed) outcome;
    }

    private static JsonNode data(Completed completed) {
        return Json.parse(completed.body()).path("data");
    }

    private static float[] vector(String text) {
        return floats(data(completed(request(text))).get(0));
    }

    private static float[] floats(JsonNode item) {
        JsonNode numbers = item.path("embedding");
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).floatValue();
        }
        return vector;
    }

    private static double dot(float[] first, float[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (double) first[i] * second[i];
        }
        return sum;
    }

    private static void assertRefused(String body, String param) {
        assertThat(call(body, Calls.LONG))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(400);
                            assertThat(Json.parse(refused.body()).at("/error/param").asText())
                                    .isEqualTo(param);
                        });
    }
}
