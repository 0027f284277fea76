package io.millrace.standalone.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** One ingress, as a client with a key sees it. */
record Api(URI base, String key, HttpClient http) {

    private static final HttpClient PLAIN = client().build();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    /**
     * An answer.
     *
     * @param body as text
     * @param headers that came with it
     */
    record Answer(int status, String body, HttpHeaders headers) {

        JsonNode json() {
            return Json.parse(body.getBytes(StandardCharsets.UTF_8));
        }

        /** The id in the body, of an answer that is a success. */
        String id() {
            if (status >= 300) {
                throw new AssertionError("%d %s".formatted(status, body));
            }
            return json().path("id").asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String errorCode() {
            return json().path("error").path("code").asText();
        }
    }

    /** An ingress without TLS. */
    Api(URI base, String key) {
        this(base, key, PLAIN);
    }

    /** An ingress that shows a certificate which that context trusts. */
    static Api secure(URI base, String key, SSLContext trust) {
        return new Api(base, key, client().sslContext(trust).build());
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5));
    }

    /** Returns the same ingress as a client with another key sees it. */
    Api with(String other) {
        return new Api(base, other, http);
    }

    /** Submits a chat job. */
    Answer submit(String model, String prompt) {
        return post("/v1/jobs", chatJob(model, prompt));
    }

    /** Submits a chat job under an idempotency key. */
    Answer submitKeyed(String idempotencyKey, String model, String prompt) {
        return send(
                request("/v1/jobs")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(BodyPublishers.ofString(chatJob(model, prompt))));
    }

    private static String chatJob(String model, String prompt) {
        return """
        {"endpoint": "/v1/chat/completions",
         "body": {"model": "%s", "messages": [{"role": "user", "content": "%s"}]}}
        """
                .formatted(model, prompt);
    }

    /**
     * Waits up to a minute for the end of a job and returns it. While its partition of the view is
     * on its way from one ingress to another it asks again, as clients do that are told 503.
     */
    JsonNode job(String id) {
        HttpRequest.Builder request = request("/v1/jobs/" + id).header("Prefer", "wait=60").GET();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = send(request);
        while (answer.status() == 503 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE_NANOS);
            answer = send(request);
        }
        return answer.json();
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** Wishes that a job ends. */
    Answer cancel(String id) {
        return post("/v1/jobs/" + id + "/cancel", "");
    }

    /** Submits a chat job that expires by itself after that time. */
    Answer submit(String model, String prompt, String window) {
        return post(
                "/v1/jobs",
                """
                {"endpoint": "/v1/chat/completions", "completion_window": "%s",
                 "body": {"model": "%s", "messages": [{"role": "user", "content": "%s"}]}}
                """
                        .formatted(window, model, prompt));
    }

    Answer post(String path, String json) {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String path, byte[] body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    /** Sends a body in small pieces, so that a client may have many large ones on their way. */
    Answer postStream(String path, byte[] body) {
        HttpRequest.BodyPublisher pieces =
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.fromPublisher(pieces, body.length)));
    }

    /** Makes a synchronous chat call and leaves before its answer. */
    void chatAndLeave(String model, Duration patience) {
        String body =
                """
                {"model": "%s", "messages": [{"role": "user", "content": "x"}]}
                """
                        .formatted(model);
        HttpRequest call =
                request("/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .timeout(patience)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        try {
            Answer early = send(call);
            throw new AssertionError("answered within " + patience + ": " + early);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof HttpTimeoutException)) {
                throw e;
            }
        }
    }

    /** Uploads a batch's input and returns the file's id. */
    String upload(String jsonl) {
        return send(uploading(jsonl)).id();
    }

    /** Uploads a batch's input with an idempotency key. */
    Answer uploadKeyed(String key, String jsonl) {
        return send(uploading(jsonl).header("Idempotency-Key", key));
    }

    /** Creates something with an idempotency key. */
    Answer postKeyed(String key, String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder uploading(String jsonl) {
        String form =
                "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n"
                        + jsonl
                        + "\r\n--x--\r\n";
        return request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString(form));
    }

    /** Creates a batch of chat lines and returns its id. */
    String batch(String fileId) {
        return post(
                        "/v1/batches",
                        """
                        {"input_file_id": "%s", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
                        """
                                .formatted(fileId))
                .id();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(70))
                .header("Authorization", "Bearer " + key);
    }

    private Answer send(HttpRequest.Builder request) {
        return send(request.build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body(), answer.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
