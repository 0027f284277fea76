package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.servicekit.http.Json;
import io.millrace.simulatedprovider.tls.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Files and batches as the API answers them, without anything behind: a batch has ended when it is
 * looked at for the second time.
 */
public final class PlayedApi implements AutoCloseable {

    /** What becomes of the next wish for a batch. */
    public enum Create {
        /** It is carried out and answered. */
        ANSWERED,
        /** It is carried out, and the answer gets lost. */
        ANSWER_LOST,
        /** Its sender is gone; it is carried out once the batches were listed twice. */
        LATE,
        /** It never arrived. */
        LOST,
        /** It is refused. */
        REFUSED
    }

    private static final InetSocketAddress PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final String EMBEDDING_ANSWER =
            """
            {"object": "list", "data": [{"embedding": [0.5, 0.25]}]}\
            """;

    private final HttpServer server;
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, ObjectNode> batches = new LinkedHashMap<>();
    private final Map<String, Integer> looks = new HashMap<>();
    private final List<ObjectNode> late = new ArrayList<>();
    private final List<JsonNode> lines = new ArrayList<>();
    private Create create = Create.ANSWERED;
    private Function<JsonNode, Integer> statusOfLine = _ -> 200;
    private int uploads;
    private int lists;

    public PlayedApi() {
        this(Optional.empty());
    }

    /** Speaks TLS. */
    public PlayedApi(SelfSigned identity) {
        this(Optional.of(identity));
    }

    private PlayedApi(Optional<SelfSigned> identity) {
        try {
            server = identity.isPresent() ? secure(identity.get()) : HttpServer.create(PORT, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer secure(SelfSigned identity) throws IOException {
        HttpsServer server = HttpsServer.create(PORT, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.serverContext()));
        return server;
    }

    public URI address() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create("%s://127.0.0.1:%d".formatted(scheme, server.getAddress().getPort()));
    }

    /** Chooses what becomes of the next wish for a batch, and of no other. */
    public synchronized void next(Create fate) {
        create = fate;
    }

    /** Chooses the status with which a line is answered. */
    public synchronized void answering(Function<JsonNode, Integer> status) {
        statusOfLine = status;
    }

    public synchronized int uploads() {
        return uploads;
    }

    public synchronized List<String> batches() {
        return List.copyOf(batches.keySet());
    }

    /** Every line of every batch. */
    public synchronized List<JsonNode> lines() {
        return List.copyOf(lines);
    }

    /** Forgets all batches, as retention does. */
    public synchronized void forget() {
        batches.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String id = call.replaceFirst("^[A-Z]+ /v1/[a-z]+/?", "").replaceFirst("/[a-z]+$", "");
        if (call.equals("POST /v1/files")) {
            uploads++;
            String name = "file-" + uploads;
            files.put(name, body.split("\r\n\r\n", 3)[2].replaceFirst("\r\n--[^\n]*\r\n$", ""));
            answer(exchange, 200, Json.object().put("id", name));
        } else if (call.equals("POST /v1/batches")) {
            create(exchange, (ObjectNode) json(body));
        } else if (call.equals("GET /v1/batches")) {
            list(exchange);
        } else if (files.containsKey(id) && call.endsWith("/content")) {
            send(exchange, 200, files.getOrDefault(id, ""));
        } else if (batches.containsKey(id)) {
            ObjectNode batch = batches.getOrDefault(id, Json.object());
            if (call.endsWith("/cancel")) {
                batch.put("status", "cancelled");
            } else if (looks.merge(id, 1, Integer::sum) >= 2) {
                end(batch);
            }
            answer(exchange, 200, batch);
        } else {
            refuse(exchange, 404, "no such object");
        }
    }

    private void create(HttpExchange exchange, ObjectNode wish) throws IOException {
        Create fate = create;
        create = Create.ANSWERED;
        switch (fate) {
            case ANSWERED -> answer(exchange, 200, created(wish));
            case ANSWER_LOST -> {
                created(wish);
                exchange.close();
            }
            case LATE -> {
                late.add(wish);
                exchange.close();
            }
            case LOST -> exchange.close();
            case REFUSED -> refuse(exchange, 400, "completion_window must be shorter");
        }
    }

    private ObjectNode created(ObjectNode wish) {
        ObjectNode batch = Json.object();
        String id = "batch_" + (batches.size() + 1);
        batch.put("id", id).put("object", "batch").put("status", "in_progress");
        batch.setAll(wish);
        batches.put(id, batch);
        return batch;
    }

    private void list(HttpExchange exchange) throws IOException {
        lists++;
        if (lists >= 2) {
            late.forEach(this::created);
            late.clear();
        }
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        // one a page, the newest first
        List<String> ids = new ArrayList<>(batches.keySet()).reversed();
        int from =
                query.contains("after=") ? ids.indexOf(query.replaceFirst(".*after=", "")) + 1 : 0;
        ObjectNode page = Json.object();
        ids.stream()
                .skip(from)
                .limit(1)
                .forEach(id -> {
                    page.putArray("data").add(batches.get(id));
                    page.put("last_id", id);
                });
        page.put("has_more", from + 1 < ids.size());
        answer(exchange, 200, page);
    }

    private void end(ObjectNode batch) {
        if (!"in_progress".equals(batch.path("status").asText())) {
            return;
        }
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        String input = files.getOrDefault(batch.path("input_file_id").asText(), "");
        List<JsonNode> asked = input.lines().map(PlayedApi::json).toList();
        int failed = 0;
        for (JsonNode line : asked) {
            lines.add(line);
            int status = statusOfLine.apply(line);
            failed += status == 200 ? 0 : 1;
            (status == 200 ? output : errors).append(answered(line, status)).append('\n');
        }
        batch.put("status", "completed");
        batch.putObject("request_counts")
                .put("total", asked.size())
                .put("completed", asked.size() - failed)
                .put("failed", failed);
        keep(batch, "output_file_id", output);
        keep(batch, "error_file_id", errors);
    }

    private void keep(ObjectNode batch, String field, StringBuilder content) {
        if (!content.isEmpty()) {
            String name = "%s-%s".formatted(field.replace('_', '-'), batch.path("id").asText());
            files.put(name, content.toString());
            batch.put(field, name);
        }
    }

    private static ObjectNode answered(JsonNode line, int status) {
        JsonNode body = line.path("body");
        String told = body.path("messages").path(1).path("content").asText();
        String answer =
                status != 200
                        ? "{\"error\": {\"message\": \"the model is tired\"}}"
                        : body.has("input")
                                ? EMBEDDING_ANSWER
                                : """
                                {"choices": [{"message": {"content": "heard %d"}}]}\
                                """
                                        .formatted(told.length());
        ObjectNode answered = Json.object();
        answered.put("id", "x").set("custom_id", line.path("custom_id"));
        answered.putObject("response").put("status_code", status).set("body", json(answer));
        return answered;
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        ObjectNode body = Json.object();
        body.putObject("error").put("message", why);
        answer(exchange, status, body);
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body)
            throws IOException {
        send(exchange, status, body.toString());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
