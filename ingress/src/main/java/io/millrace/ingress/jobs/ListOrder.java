package io.millrace.ingress.jobs;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The order of lists, and what belongs into them. Pure. */
final class ListOrder {

    private static final Comparator<Listed> OLDEST_FIRST =
            Comparator.comparing(Listed::createdAt)
                    // within a millisecond as the index has it: its keys ascend, newest first
                    .thenComparing(Comparator.comparing(Listed::id).reversed());

    private ListOrder() {}

    /** Returns the entries of one page, in order. */
    static List<Listed> page(List<Listed> entries, ListQuery query) {
        return entries.stream()
                .sorted(query.ascending() ? OLDEST_FIRST : OLDEST_FIRST.reversed())
                .limit(query.limit())
                .toList();
    }

    /** Returns whether an entry passes the filter. */
    static boolean wanted(Listed entry, ListQuery query) {
        return query.only().isEmpty() || query.only().contains(word(entry));
    }

    private static String word(Listed entry) {
        return switch (entry.record()) {
            case io.millrace.schemas.avro.JobsRecord record when record.getBatch() != null ->
                    record.getBatch().getStatus().name().toLowerCase(Locale.ROOT);
            case io.millrace.schemas.avro.JobsRecord record when record.getFile() != null ->
                    record.getFile().getPurpose();
            case io.millrace.schemas.avro.JobsRecord _ -> JobStatusWord.of(entry.sighting());
        };
    }
}
