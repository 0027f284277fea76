package io.millrace.ingress.files;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.BlobRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The form of an upload, its content stored already. Fields may come before the file or after it,
 * so that they can be judged only when all of it was read. Not thread-safe.
 */
final class UploadForm {

    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";
    private static final long MIN_KEPT_SECONDS = 3_600;
    private static final long MAX_KEPT_SECONDS = 2_592_000;

    private final Map<String, String> fields = new HashMap<>();
    private Optional<Content> content = Optional.empty();

    /**
     * The file of the form.
     *
     * @param filename as the client named it, cleaned
     * @param stored where its bytes lie
     */
    record Content(String filename, BlobRef stored) {}

    /**
     * Takes a field.
     *
     * @throws ApiException 400 when no upload has such a field, or it comes twice
     */
    void field(String name, String value) {
        switch (name) {
            case "purpose", ANCHOR, SECONDS -> {
                if (fields.put(name, value) != null) {
                    throw wrong("invalid_value", "%s comes twice.".formatted(name), name);
                }
            }
            case "file" ->
                    throw wrong("invalid_value", "file must be sent with a file name.", "file");
            default ->
                    throw wrong(
                            "unknown_parameter", "Unknown parameter: '%s'.".formatted(name), name);
        }
    }

    /** Takes the file. */
    void content(Content stored) {
        content = Optional.of(stored);
    }

    /** Returns the file that was stored, even of a form that is refused. */
    Optional<Content> stored() {
        return content;
    }

    /**
     * Returns the file.
     *
     * @throws ApiException 400 when it is missing
     */
    Content file() {
        return content.orElseThrow(() -> missing("file"));
    }

    /**
     * Returns what the file is for.
     *
     * @throws ApiException 400 when it is missing or unknown
     */
    Purpose purpose() {
        String word =
                Optional.ofNullable(fields.get("purpose")).orElseThrow(() -> missing("purpose"));
        return Purpose.parse(word)
                .orElseThrow(() ->
                        wrong(
                                "invalid_value",
                                "purpose must be one of %s.".formatted(Purpose.words()),
                                "purpose"));
    }

    /**
     * Returns how long the file is to be kept, or none for the deployment's retention.
     *
     * @throws ApiException 400 when it is out of range
     */
    Optional<Duration> kept() {
        String anchor = fields.get(ANCHOR);
        String seconds = fields.get(SECONDS);
        if (anchor == null && seconds == null) {
            return Optional.empty();
        }
        if (!"created_at".equals(anchor)) {
            throw wrong("invalid_value", "the anchor must be created_at.", ANCHOR);
        }
        return Optional.of(Duration.ofSeconds(seconds(seconds == null ? "" : seconds)));
    }

    private static long seconds(String text) {
        try {
            long seconds = Long.parseLong(text);
            if (seconds >= MIN_KEPT_SECONDS && seconds <= MAX_KEPT_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException _) {
            // refused below, as what is out of range
        }
        throw wrong(
                "invalid_value",
                "%s must be between %d and %d."
                        .formatted(SECONDS, MIN_KEPT_SECONDS, MAX_KEPT_SECONDS),
                SECONDS);
    }

    private static ApiException missing(String name) {
        return wrong(
                "missing_required_parameter",
                "Missing required parameter: '%s'.".formatted(name),
                name);
    }

    private static ApiException wrong(String code, String message, String param) {
        return new ApiException(ApiError.invalid(code, message, param));
    }
}
