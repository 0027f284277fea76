package io.millrace.schemas.id;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a job: of its own ({@code job_…}) or of a batch's line ({@code batch_…-17}).
 *
 * @param value the prefix, two digits of the view partition, 26 of randomness or hash, and for a
 *     line its number
 */
public record JobId(String value) {

    private static final Pattern FORM =
            Pattern.compile(
                    "(job_(?<own>[0-9a-z]{2})[0-9a-z]{26})"
                            + "|(batch_(?<batch>[0-9a-z]{2})[0-9a-z]{26}-[1-9][0-9]{0,8})");

    public JobId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("no job id: '%s'".formatted(value));
        }
    }

    /** Returns the id, or none when the text has not its form. */
    public static Optional<JobId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new JobId(text)) : Optional.empty();
    }

    /** Returns the view partition the id begins with. */
    public ViewPartition viewPartition() {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(value);
        }
        String own = matcher.group("own");
        return ViewPartition.parse(own == null ? matcher.group("batch") : own);
    }

    @Override
    public String toString() {
        return value;
    }
}
