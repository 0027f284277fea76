package io.millrace.dispatcher.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.millrace.dispatcher.provider.RawServer;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import io.millrace.dispatcher.provider.http.Exchange.Break;
import io.millrace.dispatcher.provider.http.Exchange.Broken;
import io.millrace.dispatcher.provider.http.Exchange.NotSent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProviderHttpTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LIMIT = 2 * 1024 * 1024;
    private static final AnswerMemory MEMORY = new AnswerMemory(0, LIMIT); // one place of each

    private final CountDownLatch over = new CountDownLatch(1);
    private ProviderHttp http = http(LONG, LONG);

    @AfterEach
    void close() {
        over.countDown();
        http.close();
    }

    @Test
    void requestCarriesWhatItShouldAndNothingElse() throws IOException {
        try (RawServer server = RawServer.answering(200, "X-One: 1\r\n", "{}")) {
            // When
            Exchange exchange = post(server.url() + "/v1/x", LONG);

            // Then
            assertThat(exchange)
                    .asInstanceOf(type(Answered.class))
                    .satisfies(answered -> assertThat(answered.body()).asString().isEqualTo("{}"))
                    .satisfies(answered -> assertThat(answered.header("x-ONE")).contains("1"));
            assertThat(server.requests().element().toLowerCase(Locale.ROOT).lines())
                    .startsWith("post /v1/x http/1.1")
                    .contains("accept-encoding: identity", "x-test: yes", "user-agent: millrace")
                    .noneMatch(line -> line.matches("(cookie|upgrade|expect|connection: up).*"));
        }
    }

    @Test
    void connectionsAreKeptAfterGoodAnswersAndErrors() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (RawServer server =
                RawServer.start((_, to) -> {
                    int status = calls.getAndIncrement() % 2 == 0 ? 200 : 429;
                    to.write(RawServer.answer(status, "", "{}"));
                    return true;
                })) {
            // When
            for (int i = 0; i < 6; i++) {
                post(server.url(), LONG);
            }

            // Then
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void redirectIsNotFollowedAndNoCookieIsKept() throws IOException {
        try (RawServer server =
                RawServer.answering(
                        307, "location: /elsewhere\r\nset-cookie: a=b\r\n", "go away")) {
            // When
            Exchange first = post(server.url(), LONG);
            post(server.url(), LONG);

            // Then
            assertThat(first).isInstanceOf(Answered.class);
            assertThat(server.requests())
                    .hasSize(2)
                    .noneMatch(request -> request.contains("elsewhere") || request.contains("a=b"));
        }
    }

    @Test
    void nobodyListeningMeansNothingWasSent() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }

        assertThat(post("http://127.0.0.1:" + port, LONG)).isInstanceOf(NotSent.class);
    }

    @Test
    void unknownHostMeansNothingWasSent() {
        assertThat(post("http://nowhere.invalid", LONG)).isInstanceOf(NotSent.class);
    }

    @Test
    void deadlineThatHasPassedMeansNothingWasSent() throws IOException {
        try (RawServer server = RawServer.answering(200, "", "{}")) {
            assertThat(post(server.url(), Duration.ZERO)).isInstanceOf(NotSent.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void silenceBeforeTheAnswerLastsAsLongAsTheDeadline() throws IOException {
        reopen(Duration.ofMillis(50), LONG);
        try (RawServer server = RawServer.start((_, _) -> hang())) {
            // When
            Exchange exchange = post(server.url(), Duration.ofMillis(400));

            // Then
            assertThat(exchange).isEqualTo(new Broken(Break.DEADLINE, "the deadline passed"));
        }
    }

    @Test
    void silenceWithinTheAnswerIsBoundedByTheIdleLimit() throws IOException {
        reopen(Duration.ofMillis(100), LONG);
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
                    return hang();
                })) {
            assertThat(kind(post(server.url(), LONG))).isEqualTo(Break.SILENCE);
        }
    }

    @Test
    void dripIsBoundedByTheDeadline() throws IOException {
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                    while (!over.await(5, TimeUnit.MILLISECONDS)) {
                        write(to, "1\r\n \r\n");
                    }
                    return false;
                })) {
            assertThat(kind(post(server.url(), Duration.ofMillis(300)))).isEqualTo(Break.DEADLINE);
        }
    }

    @Test
    void dripOfHeadersIsBoundedByTheDeadline() throws IOException {
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 200 OK\r\n");
                    while (!over.await(5, TimeUnit.MILLISECONDS)) {
                        write(to, "x: y\r\n");
                    }
                    return false;
                })) {
            Break kind = kind(post(server.url(), Duration.ofMillis(300)));
            assertThat(kind).isIn(Break.DEADLINE, Break.CONNECTION); // or too many headers
        }
    }

    @Test
    void responseLimitHoldsEvenIfTheDeadlineIsLater() throws IOException {
        reopen(LONG, Duration.ofMillis(200));
        try (RawServer server = RawServer.start((_, _) -> hang())) {
            assertThat(kind(post(server.url(), LONG))).isIn(Break.DEADLINE, Break.SILENCE);
        }
    }

    @Test
    void bodyThatEndsEarlyIsBroken() throws IOException {
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}");
                    return false;
                })) {
            assertThat(kind(post(server.url(), LONG))).isEqualTo(Break.CONNECTION);
        }
    }

    @Test
    void connectionClosedWithoutAnAnswerIsBroken() throws IOException {
        try (RawServer server = RawServer.start((_, _) -> false)) {
            assertThat(kind(post(server.url(), LONG))).isEqualTo(Break.CONNECTION);
            assertThat(server.requests()).hasSize(1); // and not tried again
        }
    }

    @Test
    void answerThatIsNoHttpIsBroken() throws IOException {
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "SSH-2.0-OpenSSH_9.9\r\n".repeat(100));
                    return false;
                })) {
            assertThat(kind(post(server.url(), LONG))).isEqualTo(Break.CONNECTION);
        }
    }

    @Test
    void bodyAboveTheLimitIsNotReadFurther() throws IOException {
        AtomicInteger blocks = new AtomicInteger();
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 200 OK\r\n\r\n");
                    byte[] block = new byte[64 * 1024];
                    while (blocks.incrementAndGet() < 16 * 1024) {
                        to.write(block);
                    }
                    return false;
                })) {
            assertThat(kind(post(server.url(), LONG))).isEqualTo(Break.TOO_LARGE);
            assertThat(blocks).hasValueLessThan(1024);
        }
    }

    @Test
    void bodyOfExactlyTheLimitIsRead() throws IOException {
        try (RawServer server = RawServer.answering(200, "", "x".repeat(LIMIT))) {
            assertThat(post(server.url(), LONG))
                    .asInstanceOf(type(Answered.class))
                    .satisfies(answered -> assertThat(answered.body()).hasSize(LIMIT));
        }
    }

    @Test
    void largeAnswersTakeTurns() throws IOException {
        String large = "x".repeat(LIMIT);
        try (RawServer server = RawServer.answering(200, "", large)) {
            // When
            List<VirtualCall<Exchange>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(new VirtualCall<>(() -> http.post(call(server.url(), LONG))));
            }

            // Then
            assertThat(calls).allMatch(call -> call.result() instanceof Answered);
        }
    }

    @Test
    void answerWithoutMemoryInTimeIsTooLarge() throws IOException {
        AnswerMemory.Lease all = MEMORY.lease(System.nanoTime());
        all.require(LIMIT);
        try (all;
                RawServer small = RawServer.answering(200, "", "{}");
                RawServer large = RawServer.answering(200, "", "x".repeat(LIMIT))) {
            assertThat(kind(post(large.url(), Duration.ofMillis(300))))
                    .isIn(Break.TOO_LARGE, Break.DEADLINE);
            assertThat(post(small.url(), LONG)).isInstanceOf(Answered.class);
        }
    }

    @Test
    void statusOfAnErrorCountsEvenIfItsBodyBreaks() throws IOException {
        try (RawServer server =
                RawServer.start((_, to) -> {
                    write(to, "HTTP/1.1 503 No\r\ncontent-length: 900\r\n\r\n{");
                    return false;
                })) {
            assertThat(post(server.url(), LONG))
                    .asInstanceOf(type(Answered.class))
                    .satisfies(answered -> assertThat(answered.status()).isEqualTo(503));
        }
    }

    @Test
    void interruptEndsTheCallAndStaysSet() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (RawServer server =
                RawServer.start((_, _) -> {
                    arrived.countDown();
                    return hang();
                })) {
            // Given
            VirtualCall<Exchange> call =
                    new VirtualCall<>(() -> http.post(call(server.url(), LONG)));
            arrived.await();

            // When
            call.interrupt();

            // Then
            assertThat(kind(call.result())).isEqualTo(Break.INTERRUPTED);
            assertThat(call.leftInterrupted()).isTrue();
        }
    }

    @Test
    void manyCallsAtOnceGetTheirConnections() throws IOException {
        try (RawServer server = RawServer.answering(200, "", "{}")) {
            // When
            List<VirtualCall<Exchange>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(new VirtualCall<>(() -> http.post(call(server.url(), LONG))));
            }

            // Then
            assertThat(calls).allMatch(call -> call.result() instanceof Answered);
        }
    }

    private boolean hang() throws InterruptedException {
        over.await();
        return false;
    }

    private void reopen(Duration idle, Duration response) {
        http.close();
        http = http(idle, response);
    }

    private static ProviderHttp http(Duration idle, Duration response) {
        HttpLimits limits = new HttpLimits(256, Duration.ofSeconds(5), response, idle, 4, LIMIT);
        return new ProviderHttp(limits, Transport.DEFAULT, MEMORY, InstantSource.system());
    }

    private Exchange post(String address, Duration within) {
        return VirtualCall.result(() -> http.post(call(address, within)));
    }

    private static HttpCall call(String address, Duration within) {
        Instant deadline = Instant.now().plus(within);
        return new HttpCall(
                URI.create(address), Map.of("x-test", "yes"), "{}".getBytes(UTF_8), deadline);
    }

    private static Break kind(Exchange exchange) {
        assertThat(exchange).isInstanceOf(Broken.class);
        return ((Broken) exchange).kind();
    }

    private static void write(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(UTF_8));
        to.flush();
    }
}
