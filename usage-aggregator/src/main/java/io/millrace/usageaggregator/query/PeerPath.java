package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Facet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How one instance asks another: the client's own parameters, on a path of its own. */
final class PeerPath {

    /** The path, followed by the name of a report. */
    static final String PREFIX = "/internal/cube/";

    /** The header that lists the partitions to sum. */
    static final String PARTITIONS = "X-Millrace-Partitions";

    private static final Pattern LIST = Pattern.compile("\\d{1,4}(,\\d{1,4})*");

    private PeerPath() {}

    /** Returns path and query; reading its parameters gives the same page again. */
    static String of(Question question) {
        StringJoiner query = new StringJoiner("&");
        add(query, "start_time", String.valueOf(question.from().getEpochSecond()));
        add(query, "end_time", String.valueOf(question.until().getEpochSecond()));
        add(query, "bucket_width", question.width().word());
        add(query, "limit", String.valueOf(question.buckets()));
        for (Facet facet : question.groups()) {
            add(query, "group_by", FacetNames.group(facet));
        }
        question.filters()
                .forEach((facet, values) ->
                        values.forEach(value -> add(query, FacetNames.filter(facet), value)));
        return PREFIX + question.report().word() + "?" + query;
    }

    static String listed(Set<Integer> partitions) {
        return partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static Set<Integer> partitions(String listed) {
        if (!LIST.matcher(listed).matches()) {
            throw BadParameterException.invalid(PARTITIONS, "must list partitions");
        }
        return Arrays.stream(listed.split(",", -1))
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void add(StringJoiner query, String name, String value) {
        query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
