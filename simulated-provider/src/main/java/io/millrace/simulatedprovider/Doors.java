package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.ModelName;
import io.millrace.simulatedprovider.dialect.Endpoint;
import io.millrace.simulatedprovider.http.Connection;
import io.millrace.simulatedprovider.http.Handler;
import io.millrace.simulatedprovider.http.HttpRequest;
import io.millrace.simulatedprovider.http.ResponseHead;
import io.millrace.simulatedprovider.ledger.Ledger;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Which path leads where. Thread-safe. */
final class Doors implements Handler {

    private static final String MODEL = "/v1/models/";

    private final Calls calls;
    private final Ledger ledger;

    Doors(Calls calls, Ledger ledger) {
        this.calls = calls;
        this.ledger = ledger;
    }

    @Override
    public boolean handle(HttpRequest request, Connection connection) throws IOException {
        if (request.path().equals("/redirected")) {
            return calls.serveRedirected(request, connection);
        }
        Optional<Endpoint> endpoint = Endpoint.at(request.path());
        if (endpoint.isPresent()) {
            return request.method().equals("POST")
                    ? calls.serve(endpoint.get(), request, connection)
                    : error(405, "method_not_allowed", "Use POST", connection);
        }
        return request.method().equals("GET")
                ? get(request.path(), connection)
                : notFound(connection);
    }

    private boolean get(String path, Connection connection) throws IOException {
        return switch (path) {
            case "/health" -> page(200, Pages.health(), connection);
            case "/ledger/summary" -> page(200, Pages.summary(ledger.summary()), connection);
            case "/v1/models" -> page(200, Pages.models(), connection);
            case String model when model.startsWith(MODEL) ->
                    model(Pages.decoded(model.substring(MODEL.length())), connection);
            default -> notFound(connection);
        };
    }

    private static boolean model(String name, Connection connection) throws IOException {
        return ModelName.behaviour(name).isPresent()
                ? page(200, Pages.model(name), connection)
                : error(404, "model_not_found", "There is no such model", connection);
    }

    private static boolean notFound(Connection connection) throws IOException {
        return error(404, "not_found", "There is nothing here", connection);
    }

    private static boolean error(int status, String code, String message, Connection connection)
            throws IOException {
        return page(status, Pages.error(status, code, message), connection);
    }

    private static boolean page(int status, byte[] body, Connection connection) throws IOException {
        Map<String, String> headers =
                Map.of(
                        "content-type",
                        "application/json",
                        "content-length",
                        Integer.toString(body.length));
        connection.write(Response.joined(new ResponseHead(status, headers).bytes(), body));
        return true;
    }
}
