package io.millrace.ingress.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.servicekit.http.Json;
import java.time.Duration;

/** Writes answers: JSON, and errors in the shape that every client of OpenAI's API reads. */
public final class Answers {

    /** Names the request in answers and logs. */
    public static final String REQUEST_ID = "x-request-id";

    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private Answers() {}

    /** Answers with a JSON value. */
    public static void json(ServerResponse answer, int status, JsonNode body) {
        bytes(answer, status, Json.bytes(body));
    }

    /** Answers with bytes that are JSON already. */
    public static void bytes(ServerResponse answer, int status, byte[] json) {
        answer.status(Status.create(status)).header(HeaderNames.CONTENT_TYPE, JSON).send(json);
    }

    /** Answers with an error in OpenAI's shape. */
    public static void error(ServerResponse answer, ApiError error) {
        hints(answer, error);
        json(answer, error.status(), body(error));
    }

    /** Answers with an error that is OpenAI's and RFC 9457's at once: for our own paths. */
    public static void problem(ServerResponse answer, ApiError error) {
        hints(answer, error);
        ObjectNode body = Json.object();
        body.put("type", "about:blank");
        body.put("title", error.code());
        body.put("status", error.status());
        body.put("detail", error.message());
        body.setAll(body(error));
        answer.status(Status.create(error.status()))
                .header(HeaderNames.CONTENT_TYPE, PROBLEM)
                .send(Json.bytes(body));
    }

    /** Returns the body of an error in OpenAI's shape. */
    public static ObjectNode body(ApiError error) {
        ObjectNode body = Json.object();
        ObjectNode detail = body.putObject("error");
        detail.put("message", error.message());
        detail.put("type", error.type());
        if (error.param().isEmpty()) {
            detail.putNull("param");
        } else {
            detail.put("param", error.param());
        }
        detail.put("code", error.code());
        return body;
    }

    /** Says when to ask again, in whole seconds, at least one. */
    public static void retryAfter(ServerResponse answer, Duration delay) {
        long seconds = Math.max(1, (delay.toMillis() + 999) / 1000);
        answer.header(HeaderNames.RETRY_AFTER, String.valueOf(seconds));
    }

    private static void hints(ServerResponse answer, ApiError error) {
        if (!error.retryAfter().isZero()) {
            retryAfter(answer, error.retryAfter());
        }
        if (error.hopeless()) {
            answer.header("x-should-retry", "false");
        }
        if (error.status() == 401) {
            answer.header("WWW-Authenticate", "Bearer");
        }
    }
}
