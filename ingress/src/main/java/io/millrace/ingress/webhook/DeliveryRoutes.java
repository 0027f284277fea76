package io.millrace.ingress.webhook;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.TenantId;

/** The routes of single deliveries, under {@code /v1/webhook_deliveries}. */
final class DeliveryRoutes implements HttpService {

    private final Authentication authentication;
    private final Deliveries deliveries;

    DeliveryRoutes(Authentication authentication, Deliveries deliveries) {
        this.authentication = authentication;
        this.deliveries = deliveries;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{id}", this::show).post("/{id}/redeliver", this::redeliver);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        TenantId tenant =
                authentication.caller(request).withAnyOf(Role.TENANT_ADMIN, Role.READ).tenant();
        Answers.bytes(
                answer,
                200,
                DeliveryId.parse(Inputs.id(request, "id"))
                        .flatMap(id -> deliveries.one(tenant, id))
                        .orElseThrow(DeliveryRoutes::missing));
    }

    private void redeliver(ServerRequest request, ServerResponse answer) {
        TenantId tenant = authentication.caller(request).withAnyOf(Role.TENANT_ADMIN).tenant();
        Answers.bytes(
                answer,
                200,
                DeliveryId.parse(Inputs.id(request, "id"))
                        .flatMap(id -> deliveries.again(tenant, id))
                        .orElseThrow(DeliveryRoutes::missing));
    }

    private static ApiException missing() {
        return new ApiException(ApiError.notFound("not_found", "There is no such delivery."));
    }
}
