package io.millrace.ingress.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.millrace.servicekit.http.InternalCredential;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What every request passes first: it gets an id, is refused while the service is not ready, and on
 * inner routes must show the credential that only our services have.
 */
public final class Gate implements Filter {

    private static final String INNER = "/internal/";
    private static final int ID_BYTES = 12;

    private final BooleanSupplier ready;
    private final InternalCredential credential;
    private final RandomGenerator random;

    /**
     * Makes the gate.
     *
     * @param ready whether requests can be answered
     */
    public Gate(BooleanSupplier ready, InternalCredential credential, RandomGenerator random) {
        this.ready = ready;
        this.credential = credential;
        this.random = random;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse answer) {
        byte[] drawn = new byte[ID_BYTES];
        random.nextBytes(drawn);
        answer.header(Answers.REQUEST_ID, "req_" + HexFormat.of().formatHex(drawn));
        if (request.path().path().startsWith(INNER)) {
            inner(chain, request, answer);
        } else if (ready.getAsBoolean()) {
            chain.proceed();
        } else {
            Failures.answer(
                    request,
                    answer,
                    new ApiException(
                            ApiError.unavailable(
                                    "The service is starting.", Duration.ofSeconds(1))));
        }
    }

    // Not behind readiness: while this process starts, others may ask for what it holds already.
    private void inner(FilterChain chain, RoutingRequest request, RoutingResponse answer) {
        boolean ours =
                request.headers()
                        .first(io.helidon.http.HeaderNames.create(InternalCredential.HEADER))
                        .filter(credential::matches)
                        .isPresent();
        if (ours) {
            chain.proceed();
        } else {
            Failures.answer(
                    request,
                    answer,
                    new ApiException(
                            ApiError.notFound("unknown_url", "There is nothing at this address.")));
        }
    }
}
