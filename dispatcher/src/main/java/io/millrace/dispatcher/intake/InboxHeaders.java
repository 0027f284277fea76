package io.millrace.dispatcher.intake;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of an inbox's record say that may be said there; all others are ignored.
 *
 * @param idempotencyKey 1 to 255 printable ASCII characters, without the quotes it may come in
 * @param ceId id of the CloudEvent that the record is
 */
record InboxHeaders(Optional<String> idempotencyKey, Optional<String> ceId) {

    private static final int MOST_KEY = 255;
    private static final int MOST_CE_ID = 1_024;
    private static final Pattern BARE = Pattern.compile("[!#-~]+");
    // a string of RFC 9651
    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\\\\\"])+)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    // the tenant is the topic's: to name another one is a mistake, or worse
    private static final List<String> TENANT =
            List.of("tenant", "x-tenant", "millrace-tenant", "x-millrace-tenant");

    /**
     * Returns what the headers of a record of that tenant say.
     *
     * @throws WrongRecordException when that may not be
     */
    static InboxHeaders of(TenantId tenant, org.apache.kafka.common.header.Headers headers) {
        for (String name : TENANT) {
            text(headers, name)
                    .filter(named -> !named.equals(tenant.value()))
                    .ifPresent(_ -> {
                        throw new WrongRecordException(
                                "wrong_tenant",
                                "the inbox is %s's, but the record names another tenant"
                                        .formatted(tenant),
                                name);
                    });
        }
        return new InboxHeaders(
                text(headers, Headers.IDEMPOTENCY_KEY).map(InboxHeaders::key), ceId(headers));
    }

    /** Returns the id of the CloudEvent that a record is; none when it is too long for one. */
    static Optional<String> ceId(org.apache.kafka.common.header.Headers headers) {
        return text(headers, Headers.CE_ID)
                .filter(id -> !id.isEmpty() && id.length() <= MOST_CE_ID);
    }

    private static String key(String header) {
        String shown = header.strip();
        var quoted = QUOTED.matcher(shown.length() > 2 * MOST_KEY + 2 ? "" : shown);
        String key = quoted.matches() ? ESCAPED.matcher(quoted.group(1)).replaceAll("$1") : shown;
        if (key.length() > MOST_KEY || (!quoted.matches() && !BARE.matcher(key).matches())) {
            throw new WrongRecordException(
                    "invalid",
                    "idempotency-key must be 1 to 255 printable ASCII characters",
                    Headers.IDEMPOTENCY_KEY);
        }
        return key;
    }

    private static Optional<String> text(
            org.apache.kafka.common.header.Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null) {
            return Optional.empty();
        }
        byte @Nullable [] value = header.value();
        return Optional.of(value == null ? "" : new String(value, StandardCharsets.UTF_8));
    }
}
