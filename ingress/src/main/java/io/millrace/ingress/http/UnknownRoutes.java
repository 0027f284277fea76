package io.millrace.ingress.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** Answers what no other route does: JSON for every address, registered last. */
public final class UnknownRoutes implements HttpService {

    private static final List<String> NOT_YET =
            List.of(
                    "/v1/completions",
                    "/v1/moderations",
                    "/v1/images",
                    "/v1/audio",
                    "/v1/responses",
                    "/v1/messages");

    private final List<String> known;

    /**
     * Knows the addresses that exist.
     *
     * @param known templates of them, such as {@code /v1/jobs/{id}}
     */
    public UnknownRoutes(List<String> known) {
        this.known = List.copyOf(known);
    }

    @Override
    public void routing(HttpRules rules) {
        known.forEach(template -> rules.any(template, UnknownRoutes::otherMethod));
        rules.any("/*", UnknownRoutes::unknown);
    }

    private static void otherMethod(ServerRequest request, ServerResponse answer) {
        throw new ApiException(
                ApiError.of(
                        405,
                        "invalid_request_error",
                        "method_not_allowed",
                        "%s is not possible at this address."
                                .formatted(request.prologue().method()),
                        ""));
    }

    private static void unknown(ServerRequest request, ServerResponse answer) {
        String path = request.path().absolute().path();
        boolean notYet =
                NOT_YET.stream()
                        .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
        throw new ApiException(
                notYet
                        ? ApiError.notFound(
                                "unsupported_endpoint", "This endpoint is not supported yet.")
                        : ApiError.notFound("unknown_url", "There is nothing at this address."));
    }
}
