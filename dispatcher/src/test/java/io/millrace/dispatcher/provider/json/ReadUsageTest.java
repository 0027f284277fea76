package io.millrace.dispatcher.provider.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadUsageTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final byte[] REQUEST =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"four\"}]}".getBytes(UTF_8);
    private static final byte[] ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"12345678\"}}]}".getBytes(UTF_8);

    @Test
    void chatCountsCachedAndReasoningWithin() {
        assertThat(
                        read(
                                """
                                {"prompt_tokens":100,"completion_tokens":50,
                                 "prompt_tokens_details":{"cached_tokens":60},
                                 "completion_tokens_details":{"reasoning_tokens":20}}
                                """))
                .isEqualTo(known(100, 50, 60, 20));
    }

    @Test
    void responsesUseOtherNames() {
        assertThat(
                        read(
                                """
                                {"input_tokens":100,"output_tokens":50,
                                 "input_tokens_details":{"cached_tokens":60},
                                 "output_tokens_details":{"reasoning_tokens":20}}
                                """))
                .isEqualTo(known(100, 50, 60, 20));
    }

    @Test
    void anthropicCountsItsCacheBesideTheInput() {
        assertThat(
                        read(
                                """
                                {"input_tokens":10,"output_tokens":50,
                                 "cache_read_input_tokens":60,"cache_creation_input_tokens":30}
                                """))
                .isEqualTo(known(100, 50, 60, 0));
    }

    @Test
    void embeddingsHaveNoOutput() {
        // When
        ReadUsage read =
                ReadUsage.of(
                        Json.parse("{\"prompt_tokens\":7,\"total_tokens\":7}".getBytes(UTF_8)),
                        "/v1/embeddings",
                        REQUEST,
                        ANSWER);

        // Then
        assertThat(read.usage()).isEqualTo(Usage.of(7, 0));
        assertThat(read.isAbsurd()).isFalse();
    }

    @Test
    void missingPartIsEstimatedWithoutAWord() {
        // When
        ReadUsage read = whole("{\"prompt_tokens\":100}");

        // Then
        assertThat(read.isAbsurd()).isFalse();
        assertThat(read.usage().estimated()).isTrue();
        assertThat(read.usage().input().count()).isEqualTo(100);
        assertThat(read.usage().output().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
                "{\"prompt_tokens\":100000001,\"completion_tokens\":2}",
                "{\"prompt_tokens\":9223372036854775808,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1e3,\"completion_tokens\":2}",
                "{\"prompt_tokens\":true,\"completion_tokens\":2}",
                "{\"prompt_tokens\":5,\"completion_tokens\":\"2\"}",
                "{\"prompt_tokens\":5,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":6}}",
                "{\"prompt_tokens\":5,\"completion_tokens\":2,\"completion_tokens_details\":{\"reasoning_tokens\":3}}",
                "{\"input_tokens\":5,\"output_tokens\":2,\"cache_read_input_tokens\":-3}",
                "{\"input_tokens\":99999999,\"output_tokens\":2,\"cache_read_input_tokens\":99999999}"
            })
    void whatCannotBeIsEstimatedAndSaid(String stated) {
        // When
        ReadUsage read = whole(stated);

        // Then
        assertThat(read.isAbsurd()).isTrue();
        assertThat(read.usage().estimated()).isTrue();
        assertThat(read.usage().total().count()).isBetween(1L, 200L);
    }

    private static ReadUsage whole(String stated) {
        return ReadUsage.of(Json.parse(stated.getBytes(UTF_8)), CHAT, REQUEST, ANSWER);
    }

    private static Usage read(String stated) {
        ReadUsage read = whole(stated);
        assertThat(read.isAbsurd()).isFalse();
        return read.usage();
    }

    private static Usage known(long input, long output, long cached, long reasoning) {
        return new Usage(
                new Tokens(input),
                new Tokens(output),
                new Tokens(cached),
                new Tokens(reasoning),
                false);
    }
}
