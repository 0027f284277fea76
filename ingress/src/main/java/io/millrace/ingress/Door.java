package io.millrace.ingress;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.cors.CorsFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Failures;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.Measured;
import io.millrace.ingress.http.ServerTls;
import io.millrace.ingress.http.UnknownRoutes;
import io.millrace.servicekit.http.HttpDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The listener of ingress: every route, behind the gate, measured, with JSON for every failure. */
final class Door {

    private static final List<String> KNOWN =
            List.of(
                    "/v1/jobs",
                    "/v1/jobs/{id}",
                    "/v1/jobs/{id}/result",
                    "/v1/jobs/{id}/cancel",
                    "/v1/jobs/{id}/events",
                    "/v1/chat/completions",
                    "/v1/embeddings",
                    "/v1/models",
                    "/v1/files",
                    "/v1/files/{id}",
                    "/v1/files/{id}/content",
                    "/v1/batches",
                    "/v1/batches/{id}",
                    "/v1/batches/{id}/results",
                    "/v1/batches/{id}/cancel",
                    "/v1/batches/{id}/retry",
                    "/v1/webhook_endpoints",
                    "/v1/webhook_endpoints/{id}",
                    "/v1/webhook_endpoints/{id}/rotate_secret",
                    "/v1/webhook_endpoints/{id}/test",
                    "/v1/webhook_endpoints/{id}/deliveries",
                    "/v1/webhook_deliveries/{id}",
                    "/v1/webhook_deliveries/{id}/redeliver",
                    "/v1/webhook_event_types",
                    "/v1/organization/costs");

    private static final Set<String> METHODS = Set.of("GET", "POST", "DELETE");
    private static final Set<String> EXPOSED =
            Set.of(
                    "etag",
                    "location",
                    "retry-after",
                    "openai-poll-after-ms",
                    "x-request-id",
                    "x-should-retry",
                    "ratelimit",
                    "ratelimit-policy",
                    "x-ratelimit-limit-requests",
                    "x-ratelimit-remaining-requests",
                    "x-ratelimit-reset-requests",
                    "x-ratelimit-limit-tokens",
                    "x-ratelimit-remaining-tokens",
                    "x-ratelimit-reset-tokens",
                    "x-ratelimit-warning",
                    "millrace-next-after");
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private Door() {}

    /**
     * Opens it.
     *
     * @param tls absent for plain HTTP
     * @param origins whose pages in browsers may call
     * @param services by the path they are registered under
     */
    static WebServer open(
            String bind,
            int port,
            int connections,
            Optional<ServerTls> tls,
            Set<String> origins,
            Gate gate,
            Measured measured,
            Map<String, HttpService> services) {
        HttpRouting.Builder routing = HttpRouting.builder().addFilter(measured).addFilter(gate);
        services.forEach((path, service) -> {
            if (path.isEmpty()) {
                routing.register(service);
            } else {
                routing.register(path, service);
            }
        });
        routing.options("/*", Door::preflight).register(new UnknownRoutes(KNOWN));
        routing.error(Throwable.class, Failures::answer);
        WebServerConfig.Builder server =
                HttpDefaults.server(bind, port)
                        .addFeature(cors(origins))
                        .maxTcpConnections(connections)
                        .routing(routing);
        tls.ifPresent(shown -> server.tls(shown.listener()));
        return server.build().start();
    }

    // what was allowed is known by now; without a route the method would be refused
    private static void preflight(ServerRequest request, ServerResponse answer) {
        if (answer.headers().contains(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            answer.status(Status.NO_CONTENT_204).send();
        } else {
            answer.next();
        }
    }

    private static CorsFeature cors(Set<String> origins) {
        // what is added by default allows every origin
        return CorsFeature.create(cors ->
                cors.enabled(!origins.isEmpty())
                        .addDefaults(false)
                        .addPath(path ->
                                path.pathPattern("/v1/*")
                                        .allowOrigins(origins)
                                        .allowMethods(METHODS)
                                        .allowHeaders(Set.of("*"))
                                        .exposeHeaders(EXPOSED)
                                        .maxAge(REMEMBERED)));
    }
}
