package io.millrace.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.servicekit.http.HttpDefaults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BodiesTest {

    private static final int KIB = 1024;
    private static final int LIMIT = 512 * KIB;

    private final SlowBodies slow = new SlowBodies(Duration.ofSeconds(30));
    private final Bodies bodies = new Bodies(LIMIT, 2 * LIMIT, slow);
    private final CountDownLatch holding = new CountDownLatch(2);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Socket> sockets = new ArrayList<>();
    private final WebServer server =
            HttpDefaults.server("127.0.0.1", 0)
                    .routing(
                            HttpRouting.builder()
                                    .post("/length", this::length)
                                    .post("/hold", this::hold)
                                    .error(Throwable.class, Failures::answer))
                    .build()
                    .start();

    @AfterEach
    void close() throws IOException {
        enough.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
        slow.close();
        client.close();
    }

    @Test
    void bodyIsReadWholeUpToTheLimit() throws Exception {
        for (int length : List.of(0, 1, 8 * KIB - 1, 8 * KIB, 8 * KIB + 1, 256 * KIB + 1, LIMIT)) {
            assertThat(post("/length", length)).isEqualTo(length + " 200");
        }
    }

    @Test
    void bodyAboveTheLimitIsRefusedWhetherAnnouncedOrNot() throws Exception {
        assertThat(post("/length", LIMIT + 1)).endsWith("413");
        assertThat(
                        send(
                                "/length",
                                BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(new byte[LIMIT + 1]))))
                .endsWith("413");
    }

    @Test
    void bodyThatIsHeldCountsUntilItIsClosed() throws Exception {
        // Given
        Thread first = Thread.startVirtualThread(() -> quietly("/hold"));
        Thread second = Thread.startVirtualThread(() -> quietly("/hold"));
        holding.await();
        // Then
        assertThat(post("/length", LIMIT)).as("a third").endsWith("503");
        assertThat(post("/length", KIB)).as("a small one").isEqualTo(KIB + " 200");
        // When
        enough.countDown();
        first.join();
        second.join();
        // Then
        assertThat(post("/length", LIMIT)).isEqualTo(LIMIT + " 200");
    }

    @Test
    void manySlowBodiesRefuseNoOther() throws Exception {
        // Given
        for (int i = 0; i < 10; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(socket);
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                            .formatted(LIMIT)
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[16 * KIB]);
            out.flush();
        }
        // Then
        for (int i = 0; i < 10; i++) {
            assertThat(post("/length", KIB)).isEqualTo(KIB + " 200");
        }
        assertThat(post("/length", LIMIT)).as("a large one").isEqualTo(LIMIT + " 200");
    }

    private void length(ServerRequest request, ServerResponse answer) {
        try (Bodies.Held body = bodies.hold(request)) {
            answer.send(String.valueOf(body.bytes().length));
        }
    }

    private void hold(ServerRequest request, ServerResponse answer) throws InterruptedException {
        try (Bodies.Held _ = bodies.hold(request)) {
            holding.countDown();
            enough.await();
        }
        answer.send();
    }

    private void quietly(String path) {
        try {
            post(path, LIMIT);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String post(String path, int length) throws Exception {
        return send(path, BodyPublishers.ofByteArray(new byte[length]));
    }

    /** Returns the answer's text, if it is a good one, and its status. */
    private String send(String path, HttpRequest.BodyPublisher body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        var answer =
                client.send(
                        HttpRequest.newBuilder(uri).POST(body).build(), BodyHandlers.ofString());
        return (answer.statusCode() < 300 ? answer.body() + " " : "") + answer.statusCode();
    }
}
