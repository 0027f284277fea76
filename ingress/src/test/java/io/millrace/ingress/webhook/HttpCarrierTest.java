package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sockets of this machine that answer as receivers should not. */
@Timeout(60)
class HttpCarrierTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    // a record of TLS 1.2 that says it has 16 KiB
    private static final String HANDSHAKE =
            new String(new byte[] {22, 3, 3, 64, 0}, StandardCharsets.ISO_8859_1);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final AtomicInteger lookUps = new AtomicInteger();
    private final Queue<InetAddress> known = new ConcurrentLinkedQueue<>();
    private final Resolver resolver = new Resolver(this::addresses);
    private final HttpCarrier open = carrier(true);
    private final HttpCarrier strict = carrier(false);

    @AfterEach
    void close() {
        open.close();
        strict.close();
        resolver.close();
    }

    @Test
    void theAddressThatWasJudgedIsDialledByTheNameOfItsHost() throws IOException {
        known.add(InetAddress.ofLiteral("127.0.0.1"));
        try (Rude receiver = new Rude(out -> out.write(bytes(OK)))) {
            Answer answer = open.carry(post(receiver.url("hook.example", "/a?b=c")));

            assertThat(answer).isEqualTo(Answer.of(200));
            // such a name is known to nobody but this test, so that nobody else was asked
            assertThat(lookUps).hasValue(1);
            assertThat(receiver.heard.element())
                    .startsWith("POST /a?b=c HTTP/1.1\r\n")
                    .contains("Host: hook.example:" + receiver.port())
                    .contains("webhook-id: evt_1\r\n", "webhook-timestamp: 17\r\n")
                    .contains("webhook-signature: v1,one v1,two\r\n")
                    .contains("Content-Type: application/json")
                    .doesNotContain("Accept-Encoding", "Cookie", "Authorization");
        }
    }

    @Test
    void nameOfWhichOneAddressIsNotAllowedIsNotDialledAtAll() throws IOException {
        known.add(InetAddress.ofLiteral("127.0.0.1"));
        known.add(InetAddress.ofLiteral("169.254.169.254"));
        try (Rude receiver = new Rude(out -> out.write(bytes(OK)))) {
            assertThat(open.carry(post(receiver.url("hook.example", "/"))))
                    .isEqualTo(Answer.none("address_refused"));
            assertThat(strict.carry(post(receiver.url("127.0.0.1", "/"))))
                    .isEqualTo(Answer.none("address_refused"));
            assertThat(receiver.heard).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"204, true", "302, false", "410, false", "500, false"})
    void onlyASuccessIsADelivery(int status, boolean delivered) throws IOException {
        byte[] head =
                bytes(
                        "HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
                                .formatted(status));
        try (Rude receiver = new Rude(out -> out.write(head))) {
            Answer answer = open.carry(post(receiver.url("127.0.0.1", "/")));

            assertThat(answer).isEqualTo(Answer.of(status));
            assertThat(answer.delivered()).isEqualTo(delivered);
            assertThat(receiver.heard).hasSize(1);
        }
    }

    @Test
    void receiverThatDripsItsAnswerIsGivenUpInTime() throws IOException {
        try (Rude receiver = new Rude(out -> drip(out, "HTTP/1.1 200 OK\r\n", "X: y\r\n"))) {
            assertThat(timed(() -> open.carry(post(receiver.url("127.0.0.1", "/")))))
                    .isEqualTo(Answer.none("timeout"));
        }
    }

    @Test
    void receiverThatDripsItsHandshakeIsGivenUpInTime() throws IOException {
        try (Rude receiver = new Rude(out -> drip(out, HANDSHAKE, "x"))) {
            Answer answer =
                    timed(() ->
                            open.carry(post("https://127.0.0.1:%d/".formatted(receiver.port()))));

            assertThat(answer.delivered()).isFalse();
            assertThat(answer.status()).isNull();
        }
    }

    @Test
    void receiverThatSaysNothingIsGivenUpInTime() throws IOException {
        try (Rude receiver = new Rude(_ -> pause(10))) {
            assertThat(timed(() -> open.carry(post(receiver.url("127.0.0.1", "/")))))
                    .isEqualTo(Answer.none("timeout"));
        }
    }

    @Test
    void ofAnEndlessBodyTheStatusIsEnough() throws IOException {
        AtomicInteger written = new AtomicInteger();
        try (Rude receiver =
                new Rude(out -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\n\r\n"));
                    for (int i = 0; i < 4096; i++) {
                        out.write(new byte[64 * 1024]);
                        written.incrementAndGet();
                    }
                })) {
            assertThat(open.carry(post(receiver.url("127.0.0.1", "/")))).isEqualTo(Answer.of(200));
            // what lies in the buffers of both sockets, and not 256 MiB
            assertThat(written).hasValueLessThan(1024);
        }
    }

    @Test
    void endlessHeadersAreCutOff() throws IOException {
        try (Rude line =
                        new Rude(out -> {
                            out.write(bytes("HTTP/1.1 200 OK\r\nX: "));
                            for (int i = 0; i < 4096; i++) {
                                out.write(
                                        "y".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII));
                            }
                        });
                Rude many =
                        new Rude(out -> {
                            out.write(bytes("HTTP/1.1 200 OK\r\n"));
                            for (int i = 0; i < 1_000_000; i++) {
                                out.write(bytes("X-%d: y\r\n".formatted(i)));
                            }
                        })) {
            assertThat(open.carry(post(line.url("127.0.0.1", "/"))).delivered()).isFalse();
            assertThat(open.carry(post(many.url("127.0.0.1", "/"))).delivered()).isFalse();
        }
    }

    @Test
    void nobodyThereIsNoAnswer() throws IOException {
        String nobody;
        try (Rude receiver = new Rude(_ -> {})) {
            nobody = receiver.url("127.0.0.1", "/");
        }
        assertThat(open.carry(post(nobody))).isEqualTo(Answer.none("unreachable"));
        assertThat(open.carry(post("http://unknown.example/")))
                .isEqualTo(Answer.none("unknown_host"));
    }

    private HttpCarrier carrier(boolean privateAllowed) {
        return new HttpCarrier(new AddressRule(privateAllowed), resolver, PATIENCE, 16);
    }

    private InetAddress[] addresses(String name) throws UnknownHostException {
        lookUps.incrementAndGet();
        if (!name.equals("hook.example")) {
            throw new UnknownHostException(name);
        }
        return known.toArray(InetAddress[]::new);
    }

    private static Answer timed(Supplier<Answer> call) {
        long from = System.nanoTime();
        Answer answer = call.get();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(PATIENCE.multipliedBy(4));
        return answer;
    }

    private static Post post(String url) {
        return new Post(URI.create(url), "evt_1", 17, List.of("v1,one", "v1,two"), BODY);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void drip(OutputStream out, String first, String then) throws IOException {
        out.write(bytes(first));
        for (int i = 0; i < 200; i++) {
            out.write(bytes(then));
            out.flush();
            pause(0.2);
        }
    }

    // how the receiver is slow, not how the test waits
    private static void pause(double seconds) {
        try {
            var _ = new CountDownLatch(1).await((long) (seconds * 1000), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A receiver by the bare socket. */
    private static final class Rude implements AutoCloseable {

        private final ServerSocket server =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Queue<String> heard = new ConcurrentLinkedQueue<>();
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

        interface Behaviour {
            void answer(OutputStream out) throws IOException;
        }

        Rude(Behaviour behaviour) throws IOException {
            Thread.ofVirtual().start(() -> accept(behaviour));
        }

        int port() {
            return server.getLocalPort();
        }

        String url(String host, String rest) {
            return "http://%s:%d%s".formatted(host, port(), rest);
        }

        private void accept(Behaviour behaviour) {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket, behaviour));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void serve(Socket socket, Behaviour behaviour) {
            try (socket) {
                heard.add(request(socket.getInputStream()));
                behaviour.answer(socket.getOutputStream());
            } catch (IOException _) {
                // the carrier has hung up
            }
        }

        // what came until it is a whole event, or begins like a handshake
        private static String request(InputStream in) throws IOException {
            StringBuilder text = new StringBuilder();
            byte[] buffer = new byte[4096];
            while (!text.toString().endsWith("\r\n\r\n{}")
                    && (text.isEmpty() || text.charAt(0) != 0x16)) {
                int read = in.read(buffer);
                if (read < 0) {
                    break;
                }
                text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
