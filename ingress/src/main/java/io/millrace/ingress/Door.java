package io.millrace.ingress;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.http.Failures;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.Measured;
import io.millrace.ingress.http.UnknownRoutes;
import io.millrace.servicekit.http.HttpDefaults;
import java.util.List;
import java.util.Map;

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
                    "/v1/organization/costs");

    private Door() {}

    /**
     * Opens it.
     *
     * @param services by the path they are registered under
     */
    static WebServer open(
            String bind,
            int port,
            int connections,
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
        routing.register(new UnknownRoutes(KNOWN));
        routing.error(Throwable.class, Failures::answer);
        return HttpDefaults.server(bind, port)
                .maxTcpConnections(connections)
                .routing(routing)
                .build()
                .start();
    }
}
