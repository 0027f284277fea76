package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.HttpVersion;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import io.millrace.servicekit.http.Trust;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import io.millrace.simulatedprovider.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls by HTTP/2 against a real server: the promises of HTTP/1.1 hold, on fewer connections. */
@Timeout(120)
class Http2ProviderTest {

    private static final Duration SLACK = Duration.ofSeconds(10); // for a loaded machine
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir private Path folder;
    private Http2Server server;
    private JsonProvider provider;

    @BeforeEach
    void open() {
        server = Http2Server.plain();
        provider = provider(server.url(), Trust.JVM, Calls.LONG);
    }

    @AfterEach
    void close() {
        provider.close();
        server.close();
    }

    @Test
    void goodAnswerIsCompletedWithItsUsage() {
        // When
        Outcome outcome = call("good");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Completed.class,
                        completed -> {
                            assertThat(completed.usage().input().count()).isEqualTo(3);
                            assertThat(completed.usage().estimated()).isFalse();
                        });
        assertThat(server.versions()).containsExactly("2.0");
    }

    @Test
    void hundredCallsShareAConnectionAndTheNextMakesAnother() {
        // When
        List<VirtualCall<Outcome>> calls = calls(150, "waits");
        await("all calls to run", () -> server.running() == 150);
        server.go();

        // Then
        assertThat(calls).allMatch(call -> call.result() instanceof Completed);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.versions()).containsExactly("2.0");
    }

    @Test
    void callThatGetsNoAnswerEndsAtItsDeadlineAndNoOtherDoes() {
        // Given
        VirtualCall<Outcome> other = new VirtualCall<>(() -> provider.call(Calls.chat("waits")));
        await("the other call to run", () -> server.running() == 1);
        long start = System.nanoTime();

        // When
        Outcome outcome = VirtualCall.result(() -> provider.call(Calls.chat("waits", SHORT)));

        // Then: a connection that was silent takes no further call, and those on it go on
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
        assertThat(since(start)).isBetween(SHORT.minusMillis(10), SLACK);
        assertThat(call("good")).isInstanceOf(Completed.class);
        assertThat(server.connections()).isEqualTo(2);
        server.go();
        assertThat(other.result()).isInstanceOf(Completed.class);
    }

    @Test
    void interruptEndsACallAtOnceAndNoOther() {
        // Given
        VirtualCall<Outcome> other = new VirtualCall<>(() -> provider.call(Calls.chat("waits")));
        VirtualCall<Outcome> given = new VirtualCall<>(() -> provider.call(Calls.chat("waits")));
        await("both calls to run", () -> server.running() == 2);
        long start = System.nanoTime();

        // When
        given.interrupt();

        // Then
        assertThat(given.result())
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("interrupted"));
        assertThat(given.leftInterrupted()).isTrue();
        assertThat(since(start)).isLessThan(SLACK);
        server.go();
        assertThat(other.result()).isInstanceOf(Completed.class);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void silenceWithinABodyIsUnknownBeforeTheDeadline() {
        try (JsonProvider impatient = provider(server.url(), Trust.JVM, Duration.ofMillis(300))) {
            assertThat(VirtualCall.result(() -> impatient.call(Calls.chat("stalls"))))
                    .isInstanceOfSatisfying(
                            Unknown.class,
                            unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
        }
    }

    @Test
    void endlessAnswerStopsAtTheLimitAndAtTheProvider() {
        // When
        Outcome outcome = call("endless");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("broken_answer"));
        assertThat(call("good")).isInstanceOf(Completed.class);
        assertThat(server.sent()).isLessThan(48L << 20);
    }

    @Test
    void answerThatBreaksOffIsUnknown() {
        assertThat(call("breaks"))
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("broken_answer"));
        assertThat(call("good")).isInstanceOf(Completed.class);
    }

    @Test
    void headBeyondTheLimitIsUnknown() {
        assertThat(call("heads")).isInstanceOf(Unknown.class);
        assertThat(call("good")).isInstanceOf(Completed.class);
    }

    @Test
    void callThatStillQueuesAtItsDeadlineWasNotSent() {
        try (Http2Server narrow = Http2Server.allowing(2);
                JsonProvider busy = provider(narrow.url(), Trust.JVM, Calls.LONG)) {
            // Given
            VirtualCall.result(() -> busy.call(Calls.chat("good"))); // it has told its limit
            List<VirtualCall<Outcome>> running = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                running.add(new VirtualCall<>(() -> busy.call(Calls.chat("waits"))));
            }
            await("two calls to run", () -> narrow.running() == 2);

            // When
            Outcome outcome = VirtualCall.result(() -> busy.call(Calls.chat("waits", SHORT)));

            // Then
            assertThat(outcome)
                    .isInstanceOfSatisfying(Retryable.class, Http2ProviderTest::isUnreachable);
            narrow.go();
            assertThat(running).allMatch(call -> call.result() instanceof Completed);
            assertThat(narrow.connections()).isEqualTo(1);
        }
    }

    @Test
    void limitIsRetryableAndRedirectIsRefused() {
        assertThat(call("limits"))
                .isInstanceOfSatisfying(
                        Retryable.class,
                        limited -> assertThat(limited.after()).contains(Duration.ofSeconds(7)));
        assertThat(call("redirects"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(502));
    }

    @Test
    void serverThatSpeaksOnlyTheOldVersionGotNothing() throws IOException {
        try (SimulatedProvider old = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS);
                JsonProvider wrong = provider(old.url(), Trust.JVM, Calls.LONG)) {
            assertThat(VirtualCall.result(() -> wrong.call(Calls.chat("sim"))))
                    .isInstanceOfSatisfying(Retryable.class, Http2ProviderTest::isUnreachable);
            assertThat(old.summary().started()).isZero();
        }
    }

    @Test
    void refusedConnectionIsRetryableAsNothingWasSent() {
        // Given
        server.close();

        // Then
        assertThat(call("good"))
                .isInstanceOfSatisfying(Retryable.class, Http2ProviderTest::isUnreachable);
    }

    @Test
    void versionIsAgreedUponOverTls() throws IOException {
        // Given
        SelfSigned certificate = SelfSigned.make(Instant.now());
        Path pem = Files.writeString(folder.resolve("ca.pem"), certificate.pem());
        try (Http2Server secure = Http2Server.tls(certificate, "127.0.0.1");
                JsonProvider trusting = provider(secure.url(), Trust.of(pem), Calls.LONG);
                JsonProvider doubting = provider(secure.url(), Trust.JVM, Calls.LONG)) {

            // Then
            assertThat(VirtualCall.result(() -> trusting.call(Calls.chat("good"))))
                    .isInstanceOf(Completed.class);
            assertThat(secure.versions()).containsExactly("2.0");
            assertThat(VirtualCall.result(() -> doubting.call(Calls.chat("good"))))
                    .isInstanceOfSatisfying(Retryable.class, Http2ProviderTest::isUnreachable);
        }
    }

    @Test
    void certificateMustNameTheHost() throws IOException {
        // Given: a server at an address that its certificate does not have
        SelfSigned certificate = SelfSigned.make(Instant.now());
        Path pem = Files.writeString(folder.resolve("ca.pem"), certificate.pem());
        try (Http2Server secure = Http2Server.tls(certificate, "127.0.0.2");
                JsonProvider trusting = provider(secure.url(), Trust.of(pem), Calls.LONG)) {
            assertThat(VirtualCall.result(() -> trusting.call(Calls.chat("good"))))
                    .isInstanceOfSatisfying(Retryable.class, Http2ProviderTest::isUnreachable);
            assertThat(secure.connections()).isZero();
        }
    }

    private static void isUnreachable(Retryable retryable) {
        assertThat(retryable.status()).isZero();
        assertThat(retryable.error().code()).isEqualTo("provider_unreachable");
    }

    private List<VirtualCall<Outcome>> calls(int count, String model) {
        List<VirtualCall<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(new VirtualCall<>(() -> provider.call(Calls.chat(model))));
        }
        return calls;
    }

    private Outcome call(String model) {
        return VirtualCall.result(() -> provider.call(Calls.chat(model)));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Calls.LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static JsonProvider provider(String url, Trust trust, Duration idle) {
        return new JsonProvider(
                new OpenAi(),
                "h2",
                url + "/v1",
                List::of,
                HttpLimits.of(512, Calls.LONG, Calls.LONG, idle),
                new Transport(HttpVersion.V2, trust),
                AnswerMemory.ofHeap(),
                InstantSource.system());
    }
}
