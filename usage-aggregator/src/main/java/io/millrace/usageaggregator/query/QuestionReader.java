package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Facet;
import io.millrace.usageaggregator.usage.Scope;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a question from its parameters.
 *
 * <p>Buckets are whole: the first one is the one {@code start_time} is in, the last one the one
 * that ends at or holds {@code end_time}. Every refusal is a {@link BadParameterException}.
 */
final class QuestionReader {

    /** The time of a question of another instance, which has cut off the future itself. */
    static final Instant END_OF_TIME = Instant.ofEpochSecond(100_000_000_000L);

    private static final long MAX_SECOND = 99_999_999_999L;
    private static final String START = "start_time";
    private static final String END = "end_time";
    private static final String WIDTH = "bucket_width";
    private static final String GROUP = "group_by";
    private static final String LIMIT = "limit";
    private static final String PAGE = "page";

    private final Report report;
    private final Parameters parameters;

    private QuestionReader(Report report, Parameters parameters) {
        this.report = report;
        this.parameters = parameters;
    }

    static Question read(Report report, Scope scope, Parameters parameters, Instant now) {
        return new QuestionReader(report, parameters).question(scope, now);
    }

    private Question question(Scope scope, Instant now) {
        parameters.allow(known());
        BucketWidth width = width();
        Page whole = whole(width, now);
        Instant from = page(width, whole).from();
        Instant end = page(width, whole).end();
        long limit =
                parameters
                        .number(LIMIT, 1, width.maxLimit(report))
                        .orElse((long) width.defaultLimit());
        Instant furthest = from.plus(width.length().multipliedBy(limit));
        Instant until = furthest.isBefore(end) ? furthest : end;
        return new Question(report, scope, width, from, until, end, groups(), filters());
    }

    private static Set<String> known() {
        Set<String> known = new LinkedHashSet<>(List.of(START, END, WIDTH, GROUP, LIMIT, PAGE));
        for (Facet facet : Facet.values()) {
            known.add(FacetNames.filter(facet));
        }
        return known;
    }

    private BucketWidth width() {
        Optional<String> word = parameters.one(WIDTH);
        return word.map(BucketWidth::named)
                .orElse(Optional.of(BucketWidth.DAY))
                .orElseThrow(() -> BadParameterException.invalid(WIDTH, "must be 1m, 1h or 1d"));
    }

    private Page whole(BucketWidth width, Instant now) {
        Instant start =
                parameters
                        .number(START, 0, MAX_SECOND)
                        .map(Instant::ofEpochSecond)
                        .orElseThrow(() ->
                                new BadParameterException(
                                        START,
                                        "missing_required_parameter",
                                        "is required: seconds since 1970"));
        Optional<Instant> given = parameters.number(END, 0, MAX_SECOND).map(Instant::ofEpochSecond);
        if (given.filter(end -> !end.isAfter(start)).isPresent()) {
            throw BadParameterException.invalid(END, "must be after start_time");
        }
        Instant from = width.floor(start);
        // up to now means the bucket that now is in, too; nobody pages through the future
        Instant latest = width.floor(now).plus(width.length());
        Instant end = given.map(width::ceil).filter(latest::isAfter).orElse(latest);
        return new Page(from, end.isBefore(from) ? from : end);
    }

    private Page page(BucketWidth width, Page whole) {
        Optional<String> cursor = parameters.one(PAGE);
        return cursor.map(text ->
                        Page.parse(text)
                                .filter(page -> fits(width, whole, page))
                                .orElseThrow(() ->
                                        BadParameterException.invalid(
                                                PAGE,
                                                "must be the next_page of an answer to the same"
                                                        + " question")))
                .orElse(whole);
    }

    private static boolean fits(BucketWidth width, Page whole, Page page) {
        return !page.from().isBefore(whole.from())
                && page.from().isBefore(page.end())
                && width.floor(page.from()).equals(page.from())
                && width.floor(page.end()).equals(page.end());
    }

    private Set<Facet> groups() {
        Set<Facet> groups = EnumSet.noneOf(Facet.class);
        for (String name : parameters.all(GROUP)) {
            Optional<Facet> facet = FacetNames.grouping(report, name);
            facet.ifPresent(groups::add);
            if (facet.isEmpty() && !FacetNames.groups(report).contains(name)) {
                throw BadParameterException.invalid(
                        GROUP, "must be among " + FacetNames.groups(report));
            }
        }
        return groups;
    }

    private Map<Facet, Set<String>> filters() {
        Map<Facet, Set<String>> filters = new EnumMap<>(Facet.class);
        for (Facet facet : Facet.values()) {
            List<String> wanted = parameters.all(FacetNames.filter(facet));
            if (facet == Facet.BATCH && !Set.of("true", "false").containsAll(wanted)) {
                throw BadParameterException.invalid("batch", "must be true or false");
            }
            if (!wanted.isEmpty()) {
                filters.put(facet, Set.copyOf(new HashSet<>(wanted)));
            }
        }
        return filters;
    }
}
