package io.millrace.dispatcher.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.money.TokenEstimate;
import io.millrace.schemas.money.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTokensTest {

    private static final Tokens DEFAULT = new Tokens(4_096);
    private static final String CHAT = "/v1/chat/completions";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"max_tokens":10}                                 | 10
                    {"max_completion_tokens":20,"max_tokens":10}      | 20
                    {"max_output_tokens":30}                          | 30
                    {"max_tokens":10,"n":3}                           | 30
                    {}                                                | 4096
                    {"max_tokens":null}                               | 4096
                    {"max_tokens":-5}                                 | 4096
                    {"max_tokens":"many"}                             | 4096
                    {"max_tokens":9223372036854775807,"n":128}        | 100000000
                    {"max_tokens":10,"n":-1}                          | 10
                    {"max_tokens":10,"n":99999999999}                 | 1280
                    """)
    void maximalOutputIsReadFromTheBody(String body, long output) {
        assertThat(estimate(CHAT, body).maxOutput().count()).isEqualTo(output);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"input":"twelve chars"}                                                 | 3
                    {"input":["four","four","x"]}                                            | 3
                    {"input":[1,2,3,4]}                                                      | 4
                    {"input":[[1,2],[3]]}                                                    | 3
                    {"input":"漢字漢字"}                                                     | 4
                    {"model":"long name that costs nothing","user":"nobody"}                 | 0
                    {"messages":[{"role":"user","content":"12345678"}]}                      | 7
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:xxxx"}}]}]} | 1505
                    """)
    void inputIsEstimatedFromItsText(String body, long input) {
        assertThat(estimate(CHAT, body).input().count()).isEqualTo(input);
    }

    @Test
    void embeddingsHaveNoOutput() {
        assertThat(estimate("/v1/embeddings", "{\"input\":\"a\",\"max_tokens\":9}").maxOutput())
                .isEqualTo(Tokens.NONE);
    }

    @Test
    void bodyThatIsNoObjectIsEstimatedAsNothing() {
        assertThat(estimate(CHAT, "{").input()).isEqualTo(Tokens.NONE);
        assertThat(estimate(CHAT, "[1]").input()).isEqualTo(Tokens.NONE);
    }

    private static TokenEstimate estimate(String endpoint, String body) {
        return BodyTokens.of(endpoint, body.getBytes(UTF_8), DEFAULT);
    }
}
