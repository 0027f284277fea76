package io.millrace.ingress.jobs;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Usage and cost, under {@code /v1/organization}: who may see them is decided here, what they are
 * is asked of the usage-aggregator.
 */
public final class UsageRoutes implements HttpService, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String TENANT = "X-Millrace-Tenant";

    private final Authentication authentication;
    private final InternalCredential credential;
    private final URI aggregator;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    /**
     * Wires the routes.
     *
     * @param aggregator base URL of the usage-aggregator
     */
    public UsageRoutes(
            Authentication authentication, InternalCredential credential, URI aggregator) {
        this.authentication = authentication;
        this.credential = credential;
        this.aggregator = aggregator;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(threads)
                        .build();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/usage/completions", (q, a) -> pass(q, a, "/internal/usage/completions"))
                .get("/usage/embeddings", (q, a) -> pass(q, a, "/internal/usage/embeddings"))
                .get("/costs", (q, a) -> pass(q, a, "/internal/usage/costs"));
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }

    private void pass(ServerRequest request, ServerResponse answer, String path) {
        Caller caller = authentication.caller(request).withAnyOf(Role.USAGE, Role.READ);
        Optional<TenantId> scope =
                caller.operator() ? caller.scope() : Optional.of(caller.tenant());
        String query = request.query().rawValue();
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(
                                aggregator.resolve(query.isEmpty() ? path : path + "?" + query))
                        .timeout(ANSWER)
                        .header(InternalCredential.HEADER, credential.value());
        scope.ifPresent(tenant -> asked.header(TENANT, tenant.value()));
        HttpResponse<byte[]> given = ask(asked.build());
        if (given.statusCode() >= 500 || given.statusCode() == 404 || given.statusCode() < 200) {
            throw unavailable();
        }
        answer.status(Status.create(given.statusCode()))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(given.body());
    }

    private HttpResponse<byte[]> ask(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UnavailableException(
                    "The usage-aggregator cannot be reached.", Duration.ofSeconds(2), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private static UnavailableException unavailable() {
        return new UnavailableException(
                "The usage-aggregator cannot answer now.", Duration.ofSeconds(2));
    }
}
