package io.millrace.schemas.id;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a file.
 *
 * @param value {@code file-}, two digits of the view partition, 26 of randomness
 */
public record FileId(String value) {

    private static final Pattern FORM = Pattern.compile("file-(?<pp>[0-9a-z]{2})[0-9a-z]{26}");

    public FileId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("no file id: '%s'".formatted(value));
        }
    }

    /** Returns the id, or none when the text has not its form. */
    public static Optional<FileId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new FileId(text)) : Optional.empty();
    }

    /** Returns the view partition the id begins with. */
    public ViewPartition viewPartition() {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(value);
        }
        return ViewPartition.parse(matcher.group("pp"));
    }

    @Override
    public String toString() {
        return value;
    }
}
