package io.millrace.ingress.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The tag of what an address shows at the moment (RFC 9110, 8.8.3): another one as soon as a byte
 * of it changes.
 *
 * @param value quotes included
 */
public record EntityTag(String value) {

    private static final int SHOWN_BYTES = 12;

    /** Returns the tag of a body. */
    public static EntityTag of(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return new EntityTag('"' + HexFormat.of().formatHex(digest, 0, SHOWN_BYTES) + '"');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Answers with JSON, or with 304 when the client has it already. */
    public static void answer(ServerRequest request, ServerResponse answer, byte[] json) {
        EntityTag tag = of(json);
        answer.header(HeaderNames.ETAG, tag.value());
        answer.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
        if (tag.isAmong(request.headers().first(HeaderNames.IF_NONE_MATCH).orElse(""))) {
            answer.status(Status.NOT_MODIFIED_304).send();
        } else {
            Answers.bytes(answer, 200, json);
        }
    }

    /** Returns whether a list of tags, as {@code If-None-Match} has it, names this one. */
    boolean isAmong(String known) {
        return Arrays.stream(known.split(",", -1))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(value));
    }
}
