package io.millrace.dispatcher.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What holds of every provider that embeds. */
public interface ProviderContract {

    Provider provider();

    /** Name of a model that embeds. */
    String model();

    @Test
    default void embeddingsAreAnsweredInOpenAisShapeWithUsage() {
        // When
        Outcome outcome = call("{\"model\":\"x\",\"input\":[\"one two\",\"three\"]}", Calls.LONG);

        // Then
        assertThat(outcome).isInstanceOf(Completed.class);
        Completed completed = (Completed) outcome;
        JsonNode body = Json.parse(completed.body());
        assertThat(body.path("object").asText()).isEqualTo("list");
        assertThat(body.path("data")).hasSize(2);
        assertThat(body.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(body.at("/data/0/embedding")).isNotEmpty().allMatch(JsonNode::isNumber);
        assertThat(body.at("/usage/prompt_tokens").asLong())
                .isEqualTo(completed.usage().input().count())
                .isPositive();
        assertThat(completed.usage().estimated()).isFalse();
        assertThat(completed.usage().output().count()).isZero();
    }

    @Test
    default void sameTextHasTheSameVector() {
        // When
        Outcome first = call("{\"input\":\"the same\"}", Calls.LONG);
        Outcome second = call("{\"input\":\"the same\"}", Calls.LONG);

        // Then
        assertThat(Json.parse(((Completed) first).body()).path("data"))
                .isEqualTo(Json.parse(((Completed) second).body()).path("data"));
    }

    @Test
    default void deadlineThatHasPassedCompletesNothing() {
        assertThat(call("{\"input\":\"late\"}", Duration.ofSeconds(-1)))
                .isNotInstanceOf(Completed.class);
    }

    @Test
    default void interruptedThreadGetsUnknownAndStaysInterrupted() {
        // Given
        VirtualCall<Outcome> call =
                new VirtualCall<>(() -> {
                    Thread.currentThread().interrupt();
                    return provider().call(Calls.embeddings(model(), "{\"input\":\"never\"}"));
                });

        // When
        Outcome outcome = call.result();

        // Then
        assertThat(outcome)
                .asInstanceOf(type(Unknown.class))
                .satisfies(unknown -> assertThat(unknown.reason()).isEqualTo("interrupted"));
        assertThat(call.leftInterrupted()).isTrue();
    }

    @Test
    default void bodyThatIsNoJsonIsRefused() {
        assertRefused(call("{\"input\":", Calls.LONG), 400);
        assertRefused(call("[]", Calls.LONG), 400);
        assertRefused(call("", Calls.LONG), 400);
    }

    @Test
    default void inputThatIsNoTextIsRefused() {
        assertRefused(call("{\"input\":{\"a\":1}}", Calls.LONG), 400);
        assertRefused(call("{}", Calls.LONG), 400);
    }

    @Test
    default void endpointThatTheDialectHasNotIsRefused() {
        assertRefused(
                VirtualCall.result(
                        () -> provider().call(Calls.call("/v1/images", model(), "{}", Calls.LONG))),
                404);
    }

    @Test
    default void modelThatTheProviderHasNotIsRefused() {
        assertRefused(
                VirtualCall.result(
                        () -> provider().call(Calls.embeddings("nobody's", "{\"input\":\"a\"}"))),
                404);
    }

    private Outcome call(String body, Duration within) {
        return VirtualCall.result(
                () -> provider().call(Calls.call("/v1/embeddings", model(), body, within)));
    }

    private static void assertRefused(Outcome outcome, int status) {
        assertThat(outcome).isInstanceOf(Refused.class);
        Refused refused = (Refused) outcome;
        assertThat(refused.status()).isEqualTo(status);
        JsonNode error = Json.parse(refused.body()).path("error");
        assertThat(error.path("message").asText())
                .as(new String(refused.body(), UTF_8))
                .isNotEmpty();
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param")).isTrue();
        assertThat(error.path("code").asText()).isEqualTo(refused.error().code());
    }
}
