package io.millrace.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gate, measure, limits and failures, on a server of their own with routes of no other room. */
class HttpRoomTest {

    private static final InternalCredential CREDENTIAL =
            InternalCredential.of("0123456789".repeat(4));

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final BlockingQueue<String> measured = new LinkedBlockingQueue<>();
    private final SlowBodies slow = new SlowBodies(Duration.ofMillis(300));
    private final Bodies bodies = new Bodies(8 * 1024, 64 * 1024, slow);
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server =
            HttpDefaults.server("127.0.0.1", 0)
                    .routing(
                            HttpRouting.builder()
                                    .addFilter(
                                            new Measured((route, method, status, _) ->
                                                    measured.add(
                                                            method + " " + route + " " + status)))
                                    .addFilter(new Gate(ready::get, CREDENTIAL, new Random(7)))
                                    .post(
                                            "/v1/things/{id}",
                                            (request, answer) -> answer.send(bodies.read(request)))
                                    .get(
                                            "/v1/things",
                                            (request, answer) ->
                                                    answer.send(
                                                            Inputs.limit(request)
                                                                    + " "
                                                                    + Inputs.ascending(request)))
                                    .get("/internal/x", (_, answer) -> answer.send("inner"))
                                    .get(
                                            "/v1/broken",
                                            (_, _) -> {
                                                throw new IllegalStateException("sk-secret");
                                            })
                                    .register(
                                            new UnknownRoutes(
                                                    List.of("/v1/things", "/v1/things/{id}")))
                                    .error(Throwable.class, Failures::answer))
                    .build()
                    .start();

    @AfterEach
    void close() {
        server.stop();
        slow.close();
        client.close();
    }

    @Test
    void requestsAreMeasuredByTheTemplateOfTheirRoute() throws InterruptedException {
        send("POST", "/v1/things/abc", "{}");
        send("GET", "/v1/nothing/like/that", "");

        assertThat(measured.poll(10, TimeUnit.SECONDS)).isEqualTo("POST /v1/things/{id} 200");
        assertThat(measured.poll(10, TimeUnit.SECONDS)).isEqualTo("GET unknown 404");
    }

    @Test
    void nothingIsAnsweredBeforeTheServiceIsReadyButInnerQuestions() {
        ready.set(false);

        HttpResponse<String> refused = send("GET", "/v1/things", "");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(send("GET", "/internal/x", "", InternalCredential.HEADER, CREDENTIAL.value()))
                .returns(200, HttpResponse::statusCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "wrong"})
    void innerRoutesLookLikeNothingToWhoeverHasNotTheCredential(String shown) {
        HttpResponse<String> inner =
                shown.isEmpty()
                        ? send("GET", "/internal/x", "")
                        : send("GET", "/internal/x", "", InternalCredential.HEADER, shown);

        assertThat(inner.statusCode()).isEqualTo(404);
        assertThat(inner.body()).isEqualTo(send("GET", "/internal/nothing", "").body());
    }

    @Test
    void failureTellsNothingOfItsCause() {
        HttpResponse<String> answer = send("GET", "/v1/broken", "");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("sk-secret").doesNotContain("Exception");
        assertThat(code(answer)).isEqualTo("internal_error");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void bodyIsReadUpToTheLimitAndNotBeyond() {
        assertThat(send("POST", "/v1/things/a", "x".repeat(8 * 1024)).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = send("POST", "/v1/things/a", "x".repeat(8 * 1024 + 1));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("8KiB", "ingress.limits.body");
    }

    @Test
    void bodyThatDoesNotComeEndsItsConnection() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    """
                    POST /v1/things/a HTTP/1.1\r
                    Host: x\r
                    Content-Length: 100\r
                    \r
                    half\
                    """
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            socket.setSoTimeout(20_000);
            InputStream in = socket.getInputStream();

            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotStartWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 200, 20 false",
        "?limit=1&order=asc, 200, 1 true",
        "?limit=100, 200, 100 false",
        "?limit=0, 400, limit",
        "?limit=101, 400, limit",
        "?limit=x, 400, limit",
        "?order=up, 400, order",
    })
    void pagesAreAskedForWithinBounds(String query, int status, String said) {
        HttpResponse<String> answer = send("GET", "/v1/things" + query, "");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(said);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /v1/things, 405, method_not_allowed",
        "GET, /v1/audio/speech, 404, unsupported_endpoint",
        "GET, /v1/audiobooks, 404, unknown_url",
        "GET, /, 404, unknown_url",
    })
    void everyOtherAddressIsAnsweredInJson(String method, String path, int status, String code) {
        HttpResponse<String> answer = send(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(code(answer)).isEqualTo(code);
    }

    private static String code(HttpResponse<String> answer) {
        JsonNode body = Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        return body.path("error").path("code").asText();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
