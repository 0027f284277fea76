package io.millrace.ingress.webhook;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.TenantId;
import java.util.Optional;

/**
 * What ingresses ask each other of deliveries, behind the check of the internal credential; nothing
 * is forwarded.
 */
final class InnerRoutes implements HttpService {

    private static final int MOST = 100;

    private final Deliveries deliveries;

    InnerRoutes(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::page)
                .get("/{id}", this::one)
                .post("/{id}" + Deliveries.REDELIVER, this::again);
    }

    private void page(ServerRequest request, ServerResponse answer) {
        answer(
                answer,
                deliveries.here(
                        new Deliveries.Query(
                                tenant(request),
                                Inputs.text(request, "endpoint").orElse(""),
                                Inputs.text(request, "after").orElse(""),
                                Inputs.limit(request, 1, MOST),
                                Inputs.ascending(request))));
    }

    private void one(ServerRequest request, ServerResponse answer) {
        answer(answer, id(request).flatMap(id -> deliveries.oneHere(tenant(request), id)));
    }

    private void again(ServerRequest request, ServerResponse answer) {
        answer(answer, id(request).flatMap(id -> deliveries.againHere(tenant(request), id)));
    }

    private static Optional<DeliveryId> id(ServerRequest request) {
        return DeliveryId.parse(Inputs.id(request, "id"));
    }

    private static TenantId tenant(ServerRequest request) {
        return new TenantId(Inputs.text(request, "tenant").orElseThrow(InnerRoutes::missing));
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as it was found
    private static void answer(ServerResponse answer, Optional<byte[]> body) {
        Answers.bytes(answer, 200, body.orElseThrow(InnerRoutes::missing));
    }

    private static ApiException missing() {
        return new ApiException(ApiError.notFound("not_found", "This delivery is not here."));
    }
}
