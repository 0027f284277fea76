package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.WaitReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Jobs that wait for their start, in the order of the fair share: virtual token counters after
 * Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024.
 *
 * <p>{@link Ranking} is the order. A line that its tenant's quota holds is parked, out of it, so
 * that choosing costs the same however many tenants and jobs there are. Intake bounds how many
 * wait. Not thread-safe.
 */
final class ReadyJobs {

    private static final Comparator<Waiting> SOONEST =
            Comparator.comparing(Waiting::expiry).thenComparingLong(Waiting::number);

    /** What was taken, and what it starts with: nothing when it has ended instead. */
    record Taken<S>(Waiting waiting, Optional<S> start) {}

    private final Map<String, Share> shares = new HashMap<>();
    private final Map<Line.Key, Line> lines = new HashMap<>();
    private final Map<String, Waiting> byId = new HashMap<>();
    private final NavigableSet<Waiting> byExpiry = new TreeSet<>(SOONEST);
    private final NavigableSet<Line> alarms = new TreeSet<>(Line.BY_ALARM);
    private final Ranking ranking = new Ranking();
    private long numbers;

    /** Adds a job of a tenant of that weight. */
    void add(Job job, TokenBounds bounds, double weight) {
        Line.Key key = Line.Key.of(job);
        Share share = shares.computeIfAbsent(key.tenant(), _ -> new Share());
        share.weighs(weight);
        long charge = share.predicted(key.model(), bounds);
        Waiting waiting = new Waiting(job, bounds, charge, ++numbers);
        Line line = lines.get(key);
        if (line == null) {
            boolean wasActive = share.isActive();
            line = new Line(key, share, ++numbers);
            lines.put(key, line);
            share.lines().add(line);
            line.jobs().addLast(waiting);
            ranking.enter(line, wasActive);
        } else {
            line.jobs().addLast(waiting);
        }
        byId.put(job.submit().getJobId(), waiting);
        byExpiry.add(waiting);
    }

    /** Targets may have room again: models without one are asked anew. */
    void targetsChanged() {
        ranking.targetsChanged();
    }

    /**
     * Something of a tenant's was freed: what its quota held is asked anew.
     *
     * @param requests whether requests are among it, which otherwise only time frees
     */
    void quotaFreed(String tenant, boolean requests) {
        Share share = shares.get(tenant);
        if (share != null) {
            unpark(
                    share.lines().stream()
                            .filter(line ->
                                    requests || reason(line) != WaitReason.REQUESTS_PER_MINUTE)
                            .toList());
        }
    }

    /** Limits changed: whatever a quota held is asked anew. */
    void quotasChanged() {
        unpark(List.copyOf(lines.values()));
    }

    /** The time has come for some that their quota held until then. */
    void timeCame(Instant now) {
        while (!alarms.isEmpty() && !alarms.first().alarm().isAfter(now)) {
            unpark(List.of(alarms.first()));
        }
    }

    /** Returns when a quota frees something next. */
    Optional<Instant> nextAlarm() {
        return alarms.isEmpty() ? Optional.empty() : Optional.of(alarms.first().alarm());
    }

    /**
     * Takes the next job that can start, or that has come to its end.
     *
     * @param start says what comes of a job
     */
    <S> Optional<Taken<S>> next(Instant now, Function<Waiting, Chance<S>> start) {
        for (Optional<Line> line = ranking.best(now); line.isPresent(); line = ranking.best(now)) {
            Waiting first = line.get().jobs().getFirst();
            switch (start.apply(first)) {
                case Chance.Go<S>(S what) -> {
                    ranking.served(line.get(), first, now);
                    remove(first);
                    return Optional.of(new Taken<>(first, Optional.of(what)));
                }
                case Chance.Gone<S>() -> {
                    remove(first);
                    return Optional.of(new Taken<>(first, Optional.empty()));
                }
                case Chance.NoTarget<S>() -> ranking.noTarget(line.get().key().model());
                case Chance.NotYet<S>(Instant until, WaitReason reason) ->
                        park(line.get(), new Line.Parking(until, reason));
            }
        }
        return Optional.empty();
    }

    /** Takes out what has expired. */
    List<Waiting> expired(Instant now) {
        List<Waiting> expired = new ArrayList<>();
        while (!byExpiry.isEmpty() && !byExpiry.first().expiry().isAfter(now)) {
            expired.add(byExpiry.first());
            remove(byExpiry.first());
        }
        return expired;
    }

    /** Takes out what waits for slots that are lost. */
    List<Waiting> lost() {
        List<Waiting> lost = byExpiry.stream().filter(each -> !each.job().isWanted()).toList();
        lost.forEach(this::remove);
        return lost;
    }

    /**
     * Corrects the charge of a call that has ended.
     *
     * @param output output tokens it came to, to learn from; negative when nobody knows
     */
    void ended(Waiting started, long correction, long output) {
        Share share = shares.get(started.line().tenant());
        if (share != null) {
            ranking.reordered(share, () -> share.settle(correction));
            if (output >= 0) {
                share.learn(started.line().model(), output);
            }
        }
    }

    /** Learns how long a call took. */
    void took(Waiting started, Duration call) {
        Optional.ofNullable(shares.get(started.line().tenant()))
                .ifPresent(share -> share.took(call));
    }

    /** Returns the tenants that are served, and their parts. */
    Map<String, Share> shares() {
        return Collections.unmodifiableMap(shares);
    }

    /** Forgets tenants for whom nothing waits or runs, and whom the order would not tell apart. */
    void forgetIdle(Instant longAgo) {
        shares.values().removeIf(share -> share.isForgettable(ranking.level(), longAgo));
    }

    /** Returns where a job stands among those of its tenant. */
    Optional<QueuePlace> place(String jobId) {
        return Optional.ofNullable(byId.get(jobId))
                .map(waiting -> {
                    Line line = lineOf(waiting);
                    long before =
                            line.share().lines().stream()
                                    .flatMap(each -> each.jobs().stream())
                                    .filter(each -> precedes(each, waiting))
                                    .count();
                    return new QueuePlace(
                            waiting.job().tenant(), Math.toIntExact(before) + 1, reason(line));
                });
    }

    /** Returns how many jobs wait, by reason. */
    Map<WaitReason, Integer> waiting() {
        Map<WaitReason, Integer> counts = new EnumMap<>(WaitReason.class);
        lines.values()
                .forEach(line -> counts.merge(reason(line), line.jobs().size(), Integer::sum));
        return counts;
    }

    private void remove(Waiting waiting) {
        Line line = lineOf(waiting);
        byId.remove(waiting.job().submit().getJobId(), waiting);
        byExpiry.remove(waiting);
        line.jobs().remove(waiting); // looks from the head on, where it mostly is
        if (line.jobs().isEmpty()) {
            ranking.leave(line);
            alarms.remove(line);
            lines.remove(line.key());
            line.share().lines().remove(line);
        }
    }

    private void park(Line line, Line.Parking parking) {
        ranking.leave(line);
        line.park(parking);
        if (parking.until().isBefore(Instant.MAX)) {
            alarms.add(line);
        }
    }

    private void unpark(List<Line> parked) {
        for (Line line : parked) {
            if (line.parking().isPresent()) {
                boolean wasActive = line.share().isActive();
                alarms.remove(line);
                line.unpark();
                ranking.enter(line, wasActive);
            }
        }
    }

    private Line lineOf(Waiting waiting) {
        return Optional.ofNullable(lines.get(waiting.line())).orElseThrow();
    }

    private WaitReason reason(Line line) {
        return line.parking()
                .map(Line.Parking::reason)
                .orElse(
                        ranking.isWithoutTarget(line.key().model())
                                ? WaitReason.PROVIDER_LIMIT
                                : WaitReason.TURN);
    }

    private static boolean precedes(Waiting one, Waiting other) {
        int tiers = one.line().tier().compareTo(other.line().tier());
        return tiers < 0 || (tiers == 0 && one.number() < other.number());
    }
}
