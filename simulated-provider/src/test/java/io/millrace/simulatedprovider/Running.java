package io.millrace.simulatedprovider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A provider on a free port, with its ledger in a file and a client that asks it. */
final class Running implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimulatedProvider provider;
    private final Path ledger;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Running(SimulatedProvider provider, Path ledger) {
        this.provider = provider;
        this.ledger = ledger;
    }

    static Running in(Path folder) throws IOException {
        return in(folder, SimulatedProviderConfig.DEFAULTS, InstantSource.system());
    }

    static Running in(Path folder, SimulatedProviderConfig config, InstantSource clock)
            throws IOException {
        Path ledger = folder.resolve("ledger.jsonl");
        return new Running(SimulatedProvider.start(config.withLedger(ledger), clock), ledger);
    }

    SimulatedProvider provider() {
        return provider;
    }

    static String chat(String model) {
        return chat(model, "");
    }

    /** A question of two words, with members added that end in a comma. */
    static String chat(String model, String members) {
        return """
        {%s "model": "%s", "messages": [{"role": "user", "content": "hello there"}]}
        """
                .formatted(members, model);
    }

    HttpResponse<String> ask(String model, String... headers) {
        return post("/v1/chat/completions", chat(model), headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        return send(request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(provider.url() + path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    HttpClient client() {
        return client;
    }

    /** A bare connection on which a question to a model is asked. */
    Socket asking(String model) throws IOException {
        Socket socket = connect();
        byte[] body = chat(model).getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-millrace-job: job_1\r\ncontent-length: %d\r\n\r\n"
                        .formatted(body.length);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(body);
        return socket;
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), provider.port());
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        return socket;
    }

    /** What the ledger's file says by now. */
    List<Call> calls() {
        provider.summary();
        return LedgerFile.calls(ledger);
    }

    /** How the only call ended. */
    Ended onlyEnd() {
        List<Call> calls = calls();
        if (calls.size() == 1 && calls.getFirst() instanceof Call.Finished(_, Ended ended)) {
            return ended;
        }
        throw new AssertionError("not one call that has ended: " + calls);
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %s: %s".formatted(PATIENCE, what));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        provider.close();
    }
}
