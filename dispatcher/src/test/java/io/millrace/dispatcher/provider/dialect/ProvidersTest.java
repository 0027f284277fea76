package io.millrace.dispatcher.provider.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.RawServer;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.schemas.avro.ProviderState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {

    @TempDir private Path directory;
    private Providers providers;

    @BeforeEach
    void open() {
        providers =
                new Providers(
                        directory,
                        Map.of("KEY", "sk-from-env"),
                        _ -> List.of(),
                        InstantSource.system());
    }

    @AfterEach
    void close() {
        providers.close();
    }

    @Test
    void openAiIsCalledAtItsBaseUrlWithTheKeyReferredTo() throws IOException {
        String answer = "{\"choices\":[{}],\"usage\":{}}";
        try (RawServer server = RawServer.answering(200, "", answer)) {
            // When
            Outcome outcome = call(state("openai", server.url() + "/v1"));

            // Then
            assertThat(outcome).isInstanceOf(Outcome.Completed.class);
            assertThat(server.requests().element())
                    .contains("POST /v1/chat/completions", "Bearer sk-from-env");
        }
    }

    @Test
    void localModelTakesNoSpaceBeforeItIsCalled() {
        // When
        providers.open(state("local", "")).close();

        // Then
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "mistral, https://example.com, is not spoken yet",
        "gemini, https://example.com, is not spoken yet",
        "mistral, https://example.com, is not spoken yet",
        "klingon, https://example.com, there is no dialect 'klingon'",
        "openai, '', base-url",
        "openai, example.com/v1, base-url",
        "openai, ftp://example.com, base-url",
        "openai, http://a b, base-url must be",
        "openai, https://user:pass@example.com/v1, base-url",
        "openai, https://example.com/v1?key=a, base-url"
    })
    void stateThatCannotWorkRefusesEachCallAndSaysWhy(String dialect, String url, String why) {
        assertThat(call(state(dialect, url)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(502);
                            assertThat(refused.error().message()).contains(why);
                        });
    }

    private Outcome call(ProviderState state) {
        try (Provider provider = providers.open(state)) {
            return VirtualCall.result(() -> provider.call(Calls.chat("m")));
        }
    }

    private static ProviderState state(String dialect, String url) {
        return ProviderState.newBuilder()
                .setName("acme")
                .setDialect(dialect)
                .setBaseUrl(url)
                .setApiKeyRefs(List.of("env:KEY"))
                .build();
    }
}
