package io.millrace.schemas.id;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a batch.
 *
 * @param value {@code batch_}, two digits of the view partition, 26 of randomness
 */
public record BatchId(String value) {

    private static final Pattern FORM = Pattern.compile("batch_(?<pp>[0-9a-z]{2})[0-9a-z]{26}");

    public BatchId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("no batch id: '%s'".formatted(value));
        }
    }

    /** Returns the id, or none when the text has not its form. */
    public static Optional<BatchId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new BatchId(text)) : Optional.empty();
    }

    /** Returns the view partition the id begins with. */
    public ViewPartition viewPartition() {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(value);
        }
        return ViewPartition.parse(matcher.group("pp"));
    }

    /**
     * Returns the id of the job that carries out one line.
     *
     * @param line number of the line, from 1
     */
    public JobId line(int line) {
        return new JobId(value + "-" + line);
    }

    @Override
    public String toString() {
        return value;
    }
}
