package io.millrace.usageaggregator.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import io.millrace.usageaggregator.usage.CubeUnavailableException;
import io.millrace.usageaggregator.usage.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes: {@code /internal/usage/{report}} for ingress, {@code /internal/cube/{report}} for
 * other instances. Both demand the inner credential.
 */
final class UsageRoutes implements HttpService {

    /** The header that restricts an answer to one tenant; without it all tenants are summed. */
    static final String TENANT = "X-Millrace-Tenant";

    private static final Logger LOG = LoggerFactory.getLogger(UsageRoutes.class);
    // Scans are work for the processor: more at once would only make each of them slower. Other
    // instances' questions are not counted, or two instances could wait for each other.
    private static final int MAX_AT_ONCE = 16;

    private final InternalCredential credential;
    private final Answering answering;
    private final QueryObserver observer;
    private final InstantSource clock;
    private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);

    UsageRoutes(
            InternalCredential credential,
            Answering answering,
            QueryObserver observer,
            InstantSource clock) {
        this.credential = credential;
        this.answering = answering;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/internal/usage/{report}", this::answerClient)
                .get(PeerPath.PREFIX + "{report}", this::answerInstance);
    }

    private void answerClient(ServerRequest request, ServerResponse response) {
        Instant begin = clock.instant();
        Optional<Report> report = report(request);
        Reply reply =
                reply(
                        request,
                        report,
                        begin,
                        question -> {
                            if (!atOnce.tryAcquire()) {
                                throw new CubeUnavailableException("too many questions at once");
                            }
                            try {
                                return PageJson.write(question, answering.whole(question));
                            } finally {
                                atOnce.release();
                            }
                        });
        report.ifPresent(known ->
                observer.answered(
                        known.word(),
                        reply.status().code(),
                        Duration.between(begin, clock.instant())));
        send(response, reply);
    }

    private void answerInstance(ServerRequest request, ServerResponse response) {
        send(
                response,
                reply(
                        request,
                        report(request),
                        QuestionReader.END_OF_TIME,
                        question -> {
                            String listed = header(request, PeerPath.PARTITIONS).orElse("");
                            Sums sums = answering.own(PeerPath.partitions(listed), question);
                            return Json.bytes(SumsJson.write(sums));
                        }));
    }

    private Reply reply(ServerRequest request, Optional<Report> report, Instant now, Work work) {
        if (!credential.matches(header(request, InternalCredential.HEADER).orElse(""))) {
            return Reply.refused(Status.UNAUTHORIZED_401, "invalid_internal_credential");
        }
        if (report.isEmpty()) {
            return Reply.refused(Status.NOT_FOUND_404, "unknown_report");
        }
        try {
            Question question =
                    QuestionReader.read(report.get(), scope(request), parameters(request), now);
            return new Reply(Status.OK_200, work.answer(question));
        } catch (BadParameterException e) {
            return Reply.bad(e);
        } catch (CubeUnavailableException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("usage cannot be answered at the moment");
            return Reply.refused(Status.SERVICE_UNAVAILABLE_503, "usage_unavailable");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("usage cannot be answered");
            return Reply.refused(Status.INTERNAL_SERVER_ERROR_500, "internal_error");
        }
    }

    private static Optional<Report> report(ServerRequest request) {
        return Report.named(request.path().pathParameters().get("report"));
    }

    private static Scope scope(ServerRequest request) {
        Optional<String> tenant = header(request, TENANT);
        if (tenant.isEmpty()) {
            return new Scope.Everyone();
        }
        try {
            return new Scope.Only(new TenantId(tenant.get()));
        } catch (IllegalArgumentException e) {
            throw BadParameterException.invalid(TENANT, String.valueOf(e.getMessage()));
        }
    }

    private static Parameters parameters(ServerRequest request) {
        Map<String, List<String>> values = new HashMap<>();
        for (String name : request.query().names()) {
            values.put(name, request.query().all(name));
        }
        return new Parameters(values);
    }

    private static Optional<String> header(ServerRequest request, String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    private static void send(ServerResponse response, Reply reply) {
        response.status(reply.status()).header(HeaderNames.CONTENT_TYPE, "application/json");
        if (reply.status().equals(Status.SERVICE_UNAVAILABLE_503)) {
            response.header(HeaderNames.RETRY_AFTER, "1");
        }
        response.send(reply.body());
    }

    /** Answers a question with a body. */
    private interface Work {
        byte[] answer(Question question);
    }

    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    private record Reply(Status status, byte[] body) {

        static Reply bad(BadParameterException e) {
            return of(
                    Status.BAD_REQUEST_400,
                    String.valueOf(e.getMessage()),
                    e.code(),
                    e.parameter());
        }

        static Reply refused(Status status, String code) {
            return of(status, status.reasonPhrase(), code, "");
        }

        private static Reply of(Status status, String message, String code, String parameter) {
            ObjectNode body = Json.object();
            ObjectNode error = body.putObject("error");
            error.put("message", message);
            error.put("type", status.code() < 500 ? "invalid_request_error" : "server_error");
            error.put("param", parameter.isEmpty() ? null : parameter);
            error.put("code", code);
            return new Reply(status, Json.bytes(body));
        }
    }
}
