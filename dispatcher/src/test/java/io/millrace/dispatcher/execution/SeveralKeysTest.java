package io.millrace.dispatcher.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.dialect.Providers;
import io.millrace.dispatcher.settlement.Settlement.Ending;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.TargetState;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a provider with several API keys, from acceptance to settlement, over real sockets. */
@Timeout(120)
class SeveralKeysTest {

    private static final SimulatedProviderConfig DEFAULTS = SimulatedProviderConfig.DEFAULTS;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("ONE", "sk-one", "TWO", "sk-two", "THREE", "sk-three");

    @TempDir private Path folder;

    @Test
    void oneRefusedKeyOfThreeFailsNoJob() throws IOException {
        // Given
        List<String> known = List.of("sk-one", "sk-three");
        try (SimulatedProvider simulated = SimulatedProvider.start(DEFAULTS.withApiKeys(known));
                Acting acting = new Acting(simulated, "env:ONE", "env:TWO", "env:THREE")) {

            // When
            acting.accept(1, 60);

            // Then: the calls that ran when the key was refused, and none after
            assertThat(acting.endings(60)).allMatch(SeveralKeysTest::isCompleted);
            assertThat(simulated.summary().byStatus())
                    .containsEntry(200, 60L)
                    .hasEntrySatisfying(
                            401, refused -> assertThat(refused).isBetween(1L, (long) Acting.CALLS));
        }
    }

    @Test
    void limitedKeyIsSetAsideAndTheOthersAreUsed() throws Exception {
        // Given: the minute of one key is used up
        SimulatedProviderConfig config =
                DEFAULTS.withApiKeys(List.of("sk-one", "sk-two"))
                        .withRequestsPerMinute(20)
                        .withLimitsPerKey();
        try (SimulatedProvider simulated = SimulatedProvider.start(config);
                Acting acting = new Acting(simulated, "env:ONE", "env:TWO")) {
            useUp(simulated, "sk-one", 20);

            // When
            acting.accept(1, 20);

            // Then
            assertThat(acting.endings(20)).allMatch(SeveralKeysTest::isCompleted);
            assertThat(simulated.summary().byStatus())
                    .containsEntry(200, 40L)
                    .hasEntrySatisfying(
                            429, limited -> assertThat(limited).isBetween(1L, (long) Acting.CALLS));
        }
    }

    @Test
    void keyReplacedInItsFileIsTakenWithinFiveSeconds() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("key"), "sk-old");
        try (SimulatedProvider simulated =
                        SimulatedProvider.start(DEFAULTS.withApiKeys(List.of("sk-new")));
                Acting acting = new Acting(simulated, "file:" + file)) {
            acting.accept(1, 1);
            assertThat(acting.endings(1)).allMatch(Moved.class::isInstance);

            // When
            Files.writeString(file, "sk-new");
            acting.passes(Duration.ofSeconds(5));
            acting.accept(2, 10);

            // Then
            assertThat(acting.endings(10)).allMatch(SeveralKeysTest::isCompleted);
        }
    }

    @Test
    void jobsWaitForTheKeysAndAreToldSoWhenAllAreRefused() throws IOException {
        // Given
        try (SimulatedProvider simulated =
                        SimulatedProvider.start(DEFAULTS.withApiKeys(List.of("sk-other")));
                Acting acting = new Acting(simulated, "env:ONE", "env:TWO")) {

            // When
            acting.accept(1, 1);

            // Then: once with each key, then it waits in the log
            assertThat(acting.endings(1)).allMatch(Moved.class::isInstance);
            assertThat(simulated.summary().byStatus()).containsExactly(Map.entry(401, 2L));
            assertThat(acting.last.get())
                    .isInstanceOfSatisfying(
                            Outcome.Retryable.class,
                            refused -> {
                                assertThat(refused.status()).isEqualTo(502);
                                assertThat(refused.error().code())
                                        .isEqualTo("provider_key_refused");
                                assertThat(refused.error().message())
                                        .isEqualTo(
                                                "the provider refused every API key configured for it");
                            });
        }
    }

    private static boolean isCompleted(Ending ending) {
        return ending instanceof Terminal terminal
                && terminal.result().getStatus() == JobStatus.COMPLETED;
    }

    private static void useUp(SimulatedProvider simulated, String key, int calls)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < calls; i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(simulated.url() + "/v1/embeddings"))
                                .header("x-api-key", key)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"model\":\"sim\",\"input\":\"hello\"}"))
                                .build();
                assertThat(
                                client.send(request, HttpResponse.BodyHandlers.discarding())
                                        .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    /** A stage on which a real provider with these keys is called. */
    private final class Acting implements AutoCloseable {

        private static final int CALLS = 4;

        private final AtomicReference<Outcome> last = new AtomicReference<>();
        private final Providers providers;
        private final Provider provider;
        private final Stage stage;

        private Acting(SimulatedProvider simulated, String... references) {
            AtomicReference<Stage> time = new AtomicReference<>();
            this.providers =
                    new Providers(folder, ENVIRONMENT, _ -> List.of(), () -> time.get().now.get());
            ProviderState state =
                    Jobs.provider("p")
                            .setBaseUrl(simulated.url() + "/v1")
                            .setApiKeyRefs(List.of(references))
                            .build();
            this.provider = providers.open(state);
            this.stage = new Stage(CALLS, call -> noted(provider.call(call)));
            time.set(stage);
            stage.model(
                    Jobs.model("m", "p")
                            .setTargets(
                                    List.of(
                                            TargetState.newBuilder()
                                                    .setProvider("p")
                                                    .setModel("sim")
                                                    .build()))
                            .build());
        }

        private Outcome noted(Outcome outcome) {
            last.set(outcome);
            return outcome;
        }

        void accept(int first, int count) {
            for (int number = first; number < first + count; number++) {
                stage.accept(number);
            }
        }

        List<Ending> endings(int count) {
            return java.util.stream.Stream.generate(() -> stage.next().ending())
                    .limit(count)
                    .toList();
        }

        void passes(Duration time) {
            stage.now.updateAndGet(now -> now.plus(time));
        }

        @Override
        public void close() {
            stage.close();
            provider.close();
            providers.close();
        }
    }
}
