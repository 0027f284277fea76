package io.millrace.ingress.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.util.Set;

/** Measures requests by the template of their route, which has few values, never by their path. */
public final class Measured implements Filter {

    private static final Set<String> METHODS =
            Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

    private final Meter meter;

    /** Who counts. */
    @FunctionalInterface
    public interface Meter {

        /**
         * Takes one request.
         *
         * @param route template of the route, or {@code unknown}
         */
        void record(String route, String method, int status, Duration took);
    }

    /** Measures into that meter. */
    public Measured(Meter meter) {
        this.meter = meter;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse answer) {
        long start = System.nanoTime();
        try {
            chain.proceed();
        } finally {
            String method = request.prologue().method().text();
            meter.record(
                    request.matchingPattern()
                            .filter(route -> !route.contains("*"))
                            .orElse("unknown"),
                    METHODS.contains(method) ? method : "other",
                    answer.status().code(),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
