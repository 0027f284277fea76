package io.millrace.ingress.jobs;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The inner routes by which other ingresses ask for what this one holds; nothing is forwarded. */
final class ViewRoutes implements HttpService {

    /** Path of one id. */
    static final String ONE = "/internal/view/one";

    /** Path of this process's part of a list. */
    static final String LIST = "/internal/view/list";

    private static final int MOST_LISTED = 20_000;
    private static final long MOST_WAIT_MS = 120_000;

    private final LocalView local;
    private final ViewWire wire;

    ViewRoutes(LocalView local, ViewWire wire) {
        this.local = local;
        this.wire = wire;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/one/{id}", this::one).get("/list", this::list);
    }

    private void one(ServerRequest request, ServerResponse answer) {
        String id = Inputs.id(request, "id");
        ViewPartition partition = ViewIds.partition(id).orElseThrow(ViewRoutes::missing);
        Duration gone = duration(request, "gone");
        if (!gone.isZero() && local.awaitGone(partition, id, gone)) {
            throw missing();
        }
        Duration wait = duration(request, "wait");
        Sighting seen =
                wait.isZero() ? local.find(partition, id) : local.awaitResult(partition, id, wait);
        if (seen.empty()) {
            throw missing();
        }
        send(answer, wire.write(seen));
    }

    private static Duration duration(ServerRequest request, String name) {
        long millis = Inputs.text(request, name).map(Long::parseLong).orElse(0L);
        return Duration.ofMillis(Math.clamp(millis, 0, MOST_WAIT_MS));
    }

    private void list(ServerRequest request, ServerResponse answer) {
        ListQuery query =
                new ListQuery(
                        new TenantId(
                                Inputs.text(request, "tenant").orElseThrow(ViewRoutes::missing)),
                        ListQuery.Kind.valueOf(
                                Inputs.text(request, "kind").orElseThrow(ViewRoutes::missing)),
                        Inputs.limit(request, 1, MOST_LISTED),
                        Inputs.text(request, "ascending").map(Boolean::parseBoolean).orElse(false),
                        "",
                        Set.copyOf(Inputs.texts(request, "only")));
        Optional<String> key = Inputs.text(request, "key");
        send(answer, wire.write(local.list(query, key)));
    }

    private static void send(ServerResponse answer, byte[] bytes) {
        answer.header(HeaderNames.CONTENT_TYPE, "application/json").send(bytes);
    }

    private static ApiException missing() {
        return new ApiException(ApiError.notFound("not_found", "There is no such resource."));
    }
}
