package io.millrace.standalone.endtoend;

import io.millrace.standalone.endtoend.Arrivals.Arrival;
import io.millrace.standalone.endtoend.FaultPlan.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a campaign says at its end: the promise as judged, and what was measured on the way. */
record CampaignReport(
        FaultPlan plan,
        Cluster cluster,
        Arrivals arrivals,
        List<Takeover> takeovers,
        List<Befell> faults) {

    /** A fault that happened. */
    record Befell(Fault fault, Instant start, Instant end) {

        boolean contains(Instant at) {
            return !at.isBefore(start) && at.isBefore(end);
        }

        Duration took() {
            return Duration.between(start, end);
        }
    }

    /** Returns what was judged; call it after the judgement. */
    String promise(Set<String> accepted, Bill bill) {
        return """
        seed %d: %d faults, %,d jobs accepted: 0 lost, 0 double results, 0 double usage records
        calls at the provider: %,d; attempts of unknown outcome: %,d; unexplained extra calls: 0
        %s
        """
                .formatted(
                        plan.seed(),
                        faults.size(),
                        accepted.size(),
                        cluster.calls().size(),
                        cluster.topics().waste().size(),
                        bill);
    }

    /** Returns what was measured: takeovers, and how long quick jobs took within each fault. */
    String measured() {
        List<Duration> silences =
                takeovers.stream().flatMap(each -> each.silences(arrivals).stream()).toList();
        StringBuilder text =
                new StringBuilder(
                        "kill to next result, by slot of the dead dispatcher: "
                                + new Spread(silences)
                                + "\nsubmitted to readable, quick jobs: quiet: "
                                + new Spread(
                                        quickJobs(at ->
                                                faults.stream().noneMatch(f -> f.contains(at)))));
        Map<Fault, List<Befell>> byKind =
                faults.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Befell::fault, TreeMap::new, Collectors.toList()));
        byKind.forEach((fault, befell) ->
                text.append(
                        "\n  %d × %s (%s): %s"
                                .formatted(
                                        befell.size(),
                                        fault,
                                        new Spread(befell.stream().map(Befell::took).toList()),
                                        new Spread(
                                                quickJobs(at ->
                                                        befell.stream()
                                                                .anyMatch(f -> f.contains(at)))))));
        return text.toString();
    }

    private List<Duration> quickJobs(Predicate<Instant> accepted) {
        return arrivals.all().stream()
                .filter(arrival -> arrival.model().equals("fast"))
                .filter(arrival -> accepted.test(arrival.accepted()))
                .map(Arrival::took)
                .toList();
    }
}
