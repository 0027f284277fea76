package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Pages of a tenant's jobs.
 *
 * <p>The view knows which jobs have ended; of the others the slot's dispatcher is asked, once a
 * page. So a filter for what is queued or in progress is applied to what the dispatcher said.
 *
 * @param json writes an entry
 */
record JobList(JobView view, Standings standings, BiFunction<Sighting, Standing, ObjectNode> json) {

    private static final int MOST_LOOKS = 10;

    /** An entry with where it stands. */
    private record Entry(Listed listed, Standing standing) {

        String word() {
            return listed.sighting().result().isPresent()
                    ? JobStatusWord.of(listed.sighting())
                    : standing.word();
        }
    }

    /** What was found, and whether there is more behind it. */
    private record Found(List<Entry> entries, boolean more) {}

    /** Returns the page that a request asks for. */
    ObjectNode page(ServerRequest request, TenantId tenant) {
        Set<String> statuses = Set.copyOf(Inputs.texts(request, "status"));
        if (!JobStatusWord.ALL.containsAll(statuses)) {
            throw new ApiException(
                    ApiError.invalid(
                            "invalid_value",
                            "status must be one of " + JobStatusWord.ALL + ".",
                            "status"));
        }
        int limit = Inputs.limit(request);
        Found found =
                find(
                        new ListQuery(
                                tenant,
                                ListQuery.Kind.JOB,
                                limit + 1,
                                Inputs.ascending(request),
                                Inputs.text(request, "after").orElse(""),
                                inTheView(statuses)),
                        statuses);
        List<Entry> page = found.entries().subList(0, Math.min(limit, found.entries().size()));
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        page.forEach(entry -> data.add(json.apply(entry.listed().sighting(), entry.standing())));
        body.put("first_id", page.isEmpty() ? "" : page.getFirst().listed().id());
        body.put("last_id", page.isEmpty() ? "" : page.getLast().listed().id());
        body.put("has_more", found.more() || found.entries().size() > limit);
        return body;
    }

    private Found find(ListQuery first, Set<String> statuses) {
        List<Entry> entries = new ArrayList<>();
        ListQuery query = first;
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<Listed> listed = view.list(query);
            Map<String, Standing> told = standings(listed, query.tenant());
            listed.stream()
                    .map(each -> new Entry(each, told.getOrDefault(each.id(), Standing.UNKNOWN)))
                    .filter(each -> statuses.isEmpty() || statuses.contains(each.word()))
                    .forEach(entries::add);
            if (listed.size() < query.limit()) {
                return new Found(entries, false);
            }
            if (entries.size() >= query.limit()) {
                return new Found(entries, true);
            }
            query = query.behind(listed.getLast().id());
        }
        return new Found(entries, true);
    }

    private Map<String, Standing> standings(List<Listed> listed, TenantId tenant) {
        List<JobId> open =
                listed.stream()
                        .filter(each -> each.sighting().result().isEmpty())
                        .map(each -> new JobId(each.id()))
                        .toList();
        return open.isEmpty() ? Map.of() : standings.of(open, tenant);
    }

    /** Returns what the view has to look for: it does not know what is in progress. */
    private static Set<String> inTheView(Set<String> statuses) {
        return statuses.stream()
                .map(word -> word.equals(JobStatusWord.IN_PROGRESS) ? JobStatusWord.QUEUED : word)
                .collect(Collectors.toUnmodifiableSet());
    }
}
