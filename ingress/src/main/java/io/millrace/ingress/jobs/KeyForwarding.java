package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands wishes with idempotency keys to the ingress that owns them, as they were sent, and its
 * answer back. Thread-safe.
 */
public final class KeyForwarding {

    static final String DOOR = "door";
    static final String SYNCHRONOUS = "synchronous";

    private static final String RECORD = "record";
    private static final String BEFORE = "before";
    private static final List<String> PASSED_ON =
            List.of("Authorization", "X-Api-Key", IdempotencyKey.NAME, "traceparent");

    private final Peers peers;
    private final Codecs codecs;

    KeyForwarding(Peers peers, Codecs codecs) {
        this.peers = peers;
        this.codecs = codecs;
    }

    /**
     * Returns the job that the owner made of a wish, or had made.
     *
     * @throws ApiException what the owner said against it
     * @throws UnavailableException when nobody owns it at the moment, or its owner does not answer
     */
    Taken.Job forward(ViewPartition partition, ServerRequest request, Sent sent) {
        String path =
                "%s?%s=%s&%s=%s"
                        .formatted(
                                KeyRoutes.PATH,
                                DOOR,
                                URLEncoder.encode(sent.door(), StandardCharsets.UTF_8),
                                SYNCHRONOUS,
                                sent.synchronous());
        Map<String, String> headers = new HashMap<>();
        for (String name : PASSED_ON) {
            request.headers()
                    .first(HeaderNames.create(name))
                    .ifPresent(value -> headers.put(name, value));
        }
        HttpResponse<byte[]> answer =
                peers.send(partition, path, headers, sent.body(), LogWriter.PATIENCE);
        if (answer.statusCode() != 200) {
            throw refusal(answer);
        }
        return taken(answer.body());
    }

    /** Returns what the owner answers. */
    ObjectNode answer(Taken.Job taken) {
        ObjectNode body = Json.object();
        body.put(RECORD, codecs.jobs().encode(JobsRecord.newBuilder().setJob(taken.job()).build()));
        body.put(BEFORE, taken instanceof Taken.Before);
        return body;
    }

    private Taken.Job taken(byte[] body) {
        JsonNode said = Json.parse(body);
        try {
            JobAccepted job = codecs.jobs().decode(said.path(RECORD).binaryValue()).getJob();
            if (job == null) {
                throw new IllegalStateException("another ingress answered no job");
            }
            return said.path(BEFORE).asBoolean() ? new Taken.Before(job) : new Taken.New(job);
        } catch (IOException e) {
            throw new IllegalStateException("another ingress answered what is no base64", e);
        }
    }

    private static RuntimeException refusal(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        // this ingress knows the caller, and has this route
        if (status < 400 || status == 401 || status >= 500) {
            return new UnavailableException(
                    "The ingress that owns this key cannot answer now.", Duration.ofSeconds(1));
        }
        JsonNode error = Json.parse(answer.body()).path("error");
        return new ApiException(
                new ApiError(
                        status,
                        error.path("type").asText("invalid_request_error"),
                        error.path("code").asText("invalid_request"),
                        error.path("message").asText(""),
                        error.path("param").asText(""),
                        Duration.ofSeconds(
                                answer.headers().firstValueAsLong("Retry-After").orElse(0)),
                        answer.headers()
                                .firstValue("x-should-retry")
                                .filter("false"::equals)
                                .isPresent()));
    }
}
