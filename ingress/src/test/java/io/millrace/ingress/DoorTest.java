package io.millrace.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.Measured;
import io.millrace.servicekit.http.InternalCredential;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which pages in browsers may call. */
class DoorTest {

    private static final String OURS = "https://app.example.com";
    private static final String OTHERS = "https://evil.example.com";

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void browserIsToldThatAPageMayCallOfAnOriginThatIsListed() throws Exception {
        try (Served door = new Served(Set.of(OURS))) {
            // When
            HttpResponse<String> answer = preflight(door, OURS);

            // Then
            assertThat(answer.statusCode()).isIn(200, 204);
            assertThat(header(answer, "access-control-allow-origin")).isEqualTo(OURS);
            assertThat(header(answer, "access-control-allow-methods")).contains("POST");
            assertThat(header(answer, "access-control-allow-headers")).contains("authorization");
            assertThat(header(answer, "access-control-max-age")).isEqualTo("3600");
        }
    }

    @Test
    void pageOfAnOriginThatIsListedReadsOurHeaders() throws Exception {
        try (Served door = new Served(Set.of(OURS))) {
            // When
            HttpResponse<String> answer = get(door, OURS);

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "access-control-allow-origin")).isEqualTo(OURS);
            assertThat(header(answer, "access-control-expose-headers"))
                    .contains("openai-poll-after-ms");
        }
    }

    @Test
    void pageOfAnotherOriginMayNotCall() throws Exception {
        try (Served door = new Served(Set.of(OURS))) {
            // When // Then
            assertThat(header(preflight(door, OTHERS), "access-control-allow-origin")).isEmpty();
            assertThat(header(get(door, OTHERS), "access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void noPageMayCallWhenNoOriginIsListed() throws Exception {
        try (Served door = new Served(Set.of())) {
            // When // Then
            assertThat(header(preflight(door, OURS), "access-control-allow-origin")).isEmpty();
            assertThat(header(get(door, OURS), "access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void clientsThatAreNoBrowsersAreServedAsEver() throws Exception {
        try (Served door = new Served(Set.of(OURS))) {
            // When
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(door.address()).build(),
                            BodyHandlers.ofString());

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("here");
        }
    }

    private HttpResponse<String> preflight(Served door, String origin) throws Exception {
        return client.send(
                HttpRequest.newBuilder(door.address())
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "authorization,content-type")
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Served door, String origin) throws Exception {
        return client.send(
                HttpRequest.newBuilder(door.address()).header("Origin", origin).build(),
                BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return String.join(",", answer.headers().allValues(name));
    }

    /** A door with one route behind it. */
    private static final class Served implements AutoCloseable {

        private final WebServer server;

        Served(Set<String> origins) {
            HttpService routes = rules -> rules.get("/", (_, answer) -> answer.send("here"));
            server =
                    Door.open(
                            "127.0.0.1",
                            0,
                            16,
                            Optional.empty(),
                            origins,
                            new Gate(
                                    () -> true,
                                    InternalCredential.of("0123456789abcdef0123456789abcdef"),
                                    new Random(1)),
                            new Measured((_, _, _, _) -> {}),
                            Map.of("/v1/jobs", routes));
        }

        URI address() {
            return URI.create("http://127.0.0.1:%d/v1/jobs".formatted(server.port()));
        }

        @Override
        public void close() {
            server.stop();
        }
    }
}
