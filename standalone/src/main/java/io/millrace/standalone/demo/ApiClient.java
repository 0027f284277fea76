package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The HTTP API, as any client with a key sees it. */
final class ApiClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHOWN = 300;

    private final HttpClient http;
    private final URI base;
    private final String key;

    /**
     * @param base where ingress is, such as {@code http://127.0.0.1:8080}
     */
    ApiClient(URI base, String key) {
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
        this.base = base;
        this.key = key;
    }

    /** Returns the JSON at a path. */
    JsonNode get(String path) throws InterruptedException {
        return Json.parse(send(request(path).GET().build(), path));
    }

    /** Returns the bytes at a path. */
    byte[] download(String path) throws InterruptedException {
        return send(request(path).GET().build(), path);
    }

    /** Posts JSON and returns the answer. */
    JsonNode post(String path, JsonNode body) throws InterruptedException {
        HttpRequest request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build();
        return Json.parse(send(request, path));
    }

    /** Uploads a file for a batch and returns its id. */
    String upload(Path file) throws InterruptedException {
        String boundary = "millrace-" + UUID.randomUUID();
        HttpRequest request =
                request("/v1/files")
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(form(file, boundary))
                        .build();
        return Json.parse(send(request, "/v1/files")).path("id").asText();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private static BodyPublisher form(Path file, String boundary) {
        String head =
                """
                --%1$s\r
                Content-Disposition: form-data; name="purpose"\r
                \r
                batch\r
                --%1$s\r
                Content-Disposition: form-data; name="file"; filename="%2$s"\r
                Content-Type: application/jsonl\r
                \r
                """
                        .formatted(boundary, file.getFileName());
        try {
            return BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofFile(file),
                    BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary)));
        } catch (IOException e) {
            throw new ApiException("cannot read " + file, e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    private byte[] send(HttpRequest request, String path) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (!List.of(200, 201, 202).contains(answer.statusCode())) {
                throw new ApiException(
                        "%s %s answered %d: %s"
                                .formatted(
                                        request.method(),
                                        path,
                                        answer.statusCode(),
                                        shown(answer.body())));
            }
            return answer.body();
        } catch (IOException e) {
            throw new ApiException("%s %s: %s".formatted(request.method(), path, e), e);
        }
    }

    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
        return text.substring(0, Math.min(SHOWN, text.length()));
    }
}
