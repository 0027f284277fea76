package io.millrace.standalone.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Submits jobs; as many connections as calls at the same time. */
final class Client implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PROMPT =
            "Say in one sentence what a millrace is, and which way the water runs. ".repeat(8);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;
    private final URI base;
    private final List<String> keys;

    Client(URI base, List<String> keys) {
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .executor(threads)
                        .build();
        this.base = base;
        this.keys = List.copyOf(keys);
    }

    /** Submits a job of the n-th tenant and returns its id once it is accepted. */
    String submit(int n, String model) throws InterruptedException {
        ObjectNode job = Json.object();
        job.put("endpoint", "/v1/chat/completions");
        ObjectNode body = job.putObject("body");
        body.put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", PROMPT);
        HttpRequest request =
                request(n, "/v1/jobs")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(job)))
                        .build();
        return Json.parse(answer(request, 202)).path("id").asText();
    }

    /** Waits until a job has ended. */
    void await(int n, String job) throws InterruptedException {
        HttpRequest request =
                request(n, "/v1/jobs/" + job).header("Prefer", "wait=60").GET().build();
        String status = Json.parse(answer(request, 200)).path("status").asText();
        if (!"completed".equals(status)) {
            throw new BenchException("job %s is %s after 60 s".formatted(job, status));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
        threads.close();
    }

    private HttpRequest.Builder request(int n, String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + keys.get(Math.floorMod(n, keys.size())));
    }

    private byte[] answer(HttpRequest request, int expected) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != expected) {
                throw new BenchException(
                        "%s answered %d".formatted(request.uri().getPath(), answer.statusCode()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new BenchException("%s: %s".formatted(request.uri().getPath(), e), e);
        }
    }
}
