package io.millrace.usageaggregator.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real server over a fake cube, and a client of it. */
final class Asking implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T12:30:10Z");
    static final InternalCredential CREDENTIAL =
            InternalCredential.of("a master key that is long enough");

    final FakeCube cube = new FakeCube();
    final List<String> observed = new CopyOnWriteArrayList<>();
    private final QueryServer server =
            QueryServer.start(
                    "127.0.0.1",
                    0,
                    CREDENTIAL,
                    cube,
                    (report, status, _) -> observed.add(report + " " + status),
                    () -> NOW);
    private final HttpClient client = HttpClient.newHttpClient();

    /** What came back. */
    record Answer(int status, String text, JsonNode json) {}

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    Answer ask(String pathAndQuery, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address().resolve(pathAndQuery))
                        .header(InternalCredential.HEADER, CREDENTIAL.value());
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            String text = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
            return new Answer(answer.statusCode(), text, Json.parse(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
