package io.millrace.servicekit.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The admin port of a process: {@code /health/live}, {@code /health/ready}, {@code /metrics}, what
 * its services show under {@code /v1/admin/}, and what they tell each other under {@code
 * /internal/}.
 */
public final class AdminServer implements AutoCloseable {

    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

    private final WebServer server;

    private AdminServer(WebServer server) {
        this.server = server;
    }

    /**
     * Starts it on 127.0.0.1.
     *
     * @param port 0 for a free one
     * @param internal what other services show who ask on inner routes
     */
    public static AdminServer start(
            int port,
            Health health,
            PrometheusMeterRegistry meters,
            AdminPages pages,
            InternalCredential internal) {
        HttpRouting.Builder routing =
                HttpRouting.builder()
                        .get("/health/live", (_, answer) -> send(answer, health, Health::live))
                        .get("/health/ready", (_, answer) -> send(answer, health, Health::ready))
                        .get(
                                "/metrics",
                                (_, answer) ->
                                        answer.header(HeaderNames.CONTENT_TYPE, EXPOSITION)
                                                .send(meters.scrape()))
                        .get(
                                "/internal/{name}/{id}",
                                (request, answer) -> send(answer, inner(request, pages, internal)))
                        .get(
                                "/v1/admin/{name}",
                                (request, answer) ->
                                        send(
                                                answer,
                                                pages.page(
                                                        request.path()
                                                                .pathParameters()
                                                                .get("name"))));
        return new AdminServer(
                HttpDefaults.server("127.0.0.1", port).routing(routing).build().start());
    }

    /** Returns the port it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    /** Whoever has not the credential learns nothing, not even that there is something. */
    private static Optional<JsonNode> inner(
            ServerRequest request, AdminPages pages, InternalCredential internal) {
        return request.headers()
                .first(HeaderNames.create(InternalCredential.HEADER))
                .filter(internal::matches)
                .flatMap(_ ->
                        pages.inner(
                                request.path().pathParameters().get("name"),
                                request.path().pathParameters().get("id")));
    }

    private static void send(ServerResponse answer, Optional<JsonNode> page) {
        if (page.isEmpty()) {
            answer.status(Status.NOT_FOUND_404).send();
        } else {
            answer.header(HeaderNames.CONTENT_TYPE, "application/json")
                    .send(Json.bytes(page.get()));
        }
    }

    private static void send(
            ServerResponse answer, Health health, Predicate<Map<String, Health.State>> judgement) {
        Map<String, Health.State> states = health.states();
        boolean good = judgement.test(states);
        ObjectNode body = Json.object();
        body.put("status", good ? "UP" : "DOWN");
        ObjectNode parts = body.putObject("parts");
        states.forEach((part, state) -> parts.put(part, said(state)));
        answer.status(good ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(Json.bytes(body));
    }

    private static String said(Health.State state) {
        return switch (state) {
            case Health.State.Ready() -> "ready";
            case Health.State.Waiting(String reason) -> "waiting: " + reason;
            case Health.State.Broken(String reason) -> "broken: " + reason;
        };
    }
}
