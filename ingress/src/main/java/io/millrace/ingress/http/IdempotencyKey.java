package io.millrace.ingress.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that a client gives to a wish, so that its repetition makes nothing new.
 *
 * @param value without the quotes it may come in: 1 to 255 printable ASCII characters
 */
public record IdempotencyKey(String value) {

    /** The header it comes in. */
    public static final String NAME = "Idempotency-Key";

    private static final HeaderName HEADER = HeaderNames.create(NAME);
    private static final int MOST = 255;
    private static final Pattern BARE = Pattern.compile("[!#-~]+");
    // a string of RFC 9651
    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\\\\\"])+)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    public IdempotencyKey {
        if (value.isEmpty() || value.length() > MOST) {
            throw new IllegalArgumentException(
                    "an idempotency key has 1 to %d characters".formatted(MOST));
        }
    }

    /**
     * Returns the key that came with a request, or none.
     *
     * @throws ApiException 400 when it is none, or more than one came
     */
    public static Optional<IdempotencyKey> of(ServerRequest request) {
        if (!request.headers().contains(HEADER)) {
            return Optional.empty();
        }
        List<String> values = request.headers().get(HEADER).allValues();
        if (values.size() != 1) {
            throw wrong();
        }
        return Optional.of(parse(values.getFirst()));
    }

    /**
     * Returns the key that a header's value is, quoted or bare.
     *
     * @throws ApiException 400 when it is none
     */
    static IdempotencyKey parse(String header) {
        String shown = header.strip();
        // quotes and a backslash before each character at most
        if (shown.length() > 2 * MOST + 2) {
            throw wrong();
        }
        var quoted = QUOTED.matcher(shown);
        String key =
                quoted.matches() ? ESCAPED.matcher(quoted.group(1)).replaceAll("$1") : bare(shown);
        if (key.length() > MOST) {
            throw wrong();
        }
        return new IdempotencyKey(key);
    }

    private static String bare(String shown) {
        if (!BARE.matcher(shown).matches()) {
            throw wrong();
        }
        return shown;
    }

    /** Returns the refusal of a wish whose key came with another one before: to be sent no more. */
    public static ApiException reused() {
        return new ApiException(
                ApiError.of(
                                422,
                                "invalid_request_error",
                                "idempotency_key_reused",
                                "This Idempotency-Key came with another request before.",
                                NAME)
                        .withoutRetry());
    }

    private static ApiException wrong() {
        return new ApiException(
                ApiError.invalid(
                        "invalid_value",
                        "Idempotency-Key must be one text of 1 to %d printable ASCII characters, quoted or bare."
                                .formatted(MOST),
                        NAME));
    }

    /** Leaves the key out: clients put what they like into it. */
    @Override
    public String toString() {
        return "IdempotencyKey[***]";
    }
}
