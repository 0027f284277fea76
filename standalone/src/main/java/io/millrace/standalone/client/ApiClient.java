package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import io.millrace.servicekit.http.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The HTTP API, as any client with a key sees it. */
public final class ApiClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration UPLOAD_PATIENCE = Duration.ofMinutes(10);
    private static final int SHOWN = 300;
    private static final Set<Integer> GOOD = Set.of(200, 201, 202);

    private final HttpClient http;
    private final URI base;
    private final String key;

    /**
     * @param base where ingress is, such as {@code http://127.0.0.1:8080}
     */
    public ApiClient(URI base, String key) {
        this(base, key, Trust.JVM);
    }

    /**
     * @param base where ingress is, such as {@code https://millrace.example}
     * @param trust who may vouch for it
     */
    public ApiClient(URI base, String key, Trust trust) {
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .sslContext(trust.context())
                        .build();
        this.base = base;
        this.key = key;
    }

    /** Returns where ingress is. */
    URI base() {
        return base;
    }

    /** Returns the JSON at a path. */
    public JsonNode get(String path) throws InterruptedException {
        return json(request(path, PATIENCE).GET().build());
    }

    /** Returns the bytes at a path. */
    public byte[] download(String path) throws InterruptedException {
        return bytes(request(path, PATIENCE).GET().build());
    }

    /** Copies the bytes at a path into a file, which may be large. */
    void download(String path, Path file) throws InterruptedException {
        HttpRequest request = request(path, PATIENCE).GET().build();
        try (InputStream body = send(request)) {
            Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ApiException("GET %s into %s: %s".formatted(path, file, e), e);
        }
    }

    /** Posts JSON and returns the answer. */
    public JsonNode post(String path, JsonNode body) throws InterruptedException {
        return post(path, body, Map.of());
    }

    /** Posts JSON with headers of its own and returns the answer. */
    JsonNode post(String path, JsonNode body, Map<String, String> headers)
            throws InterruptedException {
        HttpRequest.Builder request =
                request(path, PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body)));
        headers.forEach(request::header);
        return json(request.build());
    }

    /** Uploads a file for a batch and returns its id. */
    public String upload(Path file) throws InterruptedException {
        String boundary = "millrace-" + UUID.randomUUID();
        HttpRequest request =
                request("/v1/files", UPLOAD_PATIENCE)
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(form(file, boundary))
                        .build();
        return json(request).path("id").asText();
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
                        .formatted(boundary, plain(file));
        try {
            return BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofFile(file),
                    BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** A name that ends neither its quotes nor its line. */
    private static String plain(Path file) {
        return String.valueOf(file.getFileName()).replaceAll("[\\p{Cntrl}\"\\\\]", "_");
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(patience)
                .header("Authorization", "Bearer " + key);
    }

    private JsonNode json(HttpRequest request) throws InterruptedException {
        try {
            return Json.parse(bytes(request));
        } catch (MalformedJsonException e) {
            throw new ApiException(name(request) + " answered something that is no JSON", e);
        }
    }

    private byte[] bytes(HttpRequest request) throws InterruptedException {
        try (InputStream body = send(request)) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw unanswered(request, e);
        }
    }

    private InputStream send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            if (GOOD.contains(answer.statusCode())) {
                return answer.body();
            }
            try (InputStream body = answer.body()) {
                throw new ApiException(
                        "%s answered %d: %s"
                                .formatted(
                                        name(request),
                                        answer.statusCode(),
                                        reason(body.readNBytes(64 * 1024))),
                        answer.statusCode());
            }
        } catch (IOException e) {
            throw unanswered(request, e);
        }
    }

    private ApiException unanswered(HttpRequest request, IOException e) {
        return new ApiException(
                e instanceof ConnectException
                        ? "cannot reach " + base
                        : "%s: %s".formatted(name(request), e),
                e);
    }

    private static String name(HttpRequest request) {
        return request.method() + " " + request.uri().getPath();
    }

    /** What an error in OpenAI's shape says, or the beginning of any other. */
    private static String reason(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            String message = Json.parse(body).path("error").path("message").asText();
            text = message.isBlank() ? text : message;
        } catch (MalformedJsonException _) {
            // it is shown as it is
        }
        String line = text.replaceAll("\\s+", " ");
        return line.substring(0, Math.min(SHOWN, line.length()));
    }
}
