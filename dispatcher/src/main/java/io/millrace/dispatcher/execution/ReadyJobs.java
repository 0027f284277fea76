package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.schemas.avro.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Jobs that wait for their start, in the order of the fair share: virtual token counters after
 * Sheng et al., "Fairness in Serving Large Language Models", OSDI 2024.
 *
 * <p>Among the tenants of a tier the one with the least tokens for its weight goes first. Tiers go
 * in their order, but for {@link LateRamp}. A line that its tenant's quota holds is parked, so that
 * choosing costs a step for each model that is waited for and the depth of a tree, however many
 * tenants and jobs there are. Intake bounds how many wait. Not thread-safe.
 */
final class ReadyJobs {

    private static final Comparator<Waiting> SOONEST =
            Comparator.comparing(Waiting::expiry).thenComparingLong(Waiting::number);

    /** What was taken, and what it starts with: nothing when it has ended instead. */
    record Taken<S>(Waiting waiting, Optional<S> start) {}

    private final Map<String, Share> shares = new HashMap<>();
    private final Map<Line.Key, Line> lines = new HashMap<>();
    private final Map<Tier, Map<String, NavigableSet<Line>>> open = new EnumMap<>(Tier.class);
    private final Map<String, Waiting> byId = new HashMap<>();
    private final NavigableSet<Waiting> byExpiry = new TreeSet<>(SOONEST);
    private final NavigableSet<Line> alarms = new TreeSet<>(Line.BY_ALARM);
    private final Set<String> withoutTarget = new HashSet<>();
    private final LateRamp ramp = new LateRamp();
    private double level;
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
            enter(line, wasActive);
        } else {
            line.jobs().addLast(waiting);
        }
        byId.put(job.submit().getJobId(), waiting);
        byExpiry.add(waiting);
    }

    /** Targets may have room again: models without one are asked anew. */
    void targetsChanged() {
        withoutTarget.clear();
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
        for (Optional<Line> line = best(now); line.isPresent(); line = best(now)) {
            Waiting first = line.get().jobs().getFirst();
            switch (start.apply(first)) {
                case Chance.Go<S>(S what) -> {
                    rank(line.get(), first, now);
                    remove(first);
                    return Optional.of(new Taken<>(first, Optional.of(what)));
                }
                case Chance.Gone<S>() -> {
                    remove(first);
                    return Optional.of(new Taken<>(first, Optional.empty()));
                }
                case Chance.NoTarget<S>() -> withoutTarget.add(line.get().key().model());
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
            reordered(share, () -> share.settle(correction));
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
        shares.values().removeIf(share -> share.isForgettable(level, longAgo));
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

    private Optional<Line> best(Instant now) {
        Optional<Line> priority = least(Tier.PRIORITY);
        if (priority.isPresent()) {
            return priority;
        }
        Optional<Line> interactive = least(Tier.DEFAULT);
        Optional<Line> deferred = deferred(now);
        if (interactive.isEmpty() || deferred.isEmpty()) {
            return interactive.or(() -> least(Tier.FLEX)).or(() -> least(Tier.BATCH));
        }
        return ramp.isDue(deferred.get().jobs().getFirst().charge()) ? deferred : interactive;
    }

    /** Returns the work that may wait to which the greater share is due. */
    private Optional<Line> deferred(Instant now) {
        Optional<Line> flex = least(Tier.FLEX);
        Optional<Line> batch = least(Tier.BATCH);
        if (flex.isEmpty() || batch.isEmpty()) {
            return flex.or(() -> batch);
        }
        return share(batch.get(), now) > share(flex.get(), now) ? batch : flex;
    }

    private static double share(Line line, Instant now) {
        return LateRamp.share(line.jobs().getFirst().job(), now);
    }

    private Optional<Line> least(Tier tier) {
        return open.getOrDefault(tier, Map.of()).entrySet().stream()
                .filter(model -> !withoutTarget.contains(model.getKey()))
                .map(model -> model.getValue().first())
                .min(Line.ORDER);
    }

    /** Charges what starts, and gives those that wait for it their due. */
    private void rank(Line line, Waiting first, Instant now) {
        Tier tier = line.key().tier();
        if (tier == Tier.FLEX || tier == Tier.BATCH) {
            if (least(Tier.DEFAULT).isPresent()) {
                ramp.served(first.charge());
            }
        } else {
            deferred(now)
                    .ifPresent(each ->
                            ramp.passed(
                                    first.charge(),
                                    share(each, now),
                                    each.jobs().getFirst().charge()));
        }
        level = Math.max(level, line.share().counter());
        reordered(
                line.share(),
                () -> {
                    line.share().charge(first.charge(), now);
                    line.served(++numbers);
                });
    }

    private void remove(Waiting waiting) {
        Line line = lineOf(waiting);
        byId.remove(waiting.job().submit().getJobId(), waiting);
        byExpiry.remove(waiting);
        line.jobs().remove(waiting); // looks from the head on, where it mostly is
        if (line.jobs().isEmpty()) {
            leave(line);
            alarms.remove(line);
            lines.remove(line.key());
            line.share().lines().remove(line);
        }
    }

    private void park(Line line, Line.Parking parking) {
        leave(line);
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
                enter(line, wasActive);
            }
        }
    }

    private void enter(Line line, boolean wasActive) {
        if (!wasActive) {
            double least =
                    rivals(line).mapToDouble(each -> each.share().counter()).min().orElse(level);
            line.share().lift(least, line.jobs().getFirst().charge());
        }
        open.computeIfAbsent(line.key().tier(), _ -> new TreeMap<>())
                .computeIfAbsent(line.key().model(), _ -> new TreeSet<>(Line.ORDER))
                .add(line);
    }

    private Stream<Line> rivals(Line line) {
        return open.values().stream()
                .map(models -> Optional.ofNullable(models.get(line.key().model())))
                .flatMap(Optional::stream)
                .map(NavigableSet::first);
    }

    private void leave(Line line) {
        Map<String, NavigableSet<Line>> models =
                open.getOrDefault(line.key().tier(), new TreeMap<>());
        NavigableSet<Line> ranked = models.get(line.key().model());
        if (ranked != null && ranked.remove(line) && ranked.isEmpty()) {
            models.remove(line.key().model());
        }
    }

    /** Changes what the order depends on, for all lines of a tenant. */
    private void reordered(Share share, Runnable change) {
        List<Line> ranked =
                share.lines().stream().filter(line -> line.parking().isEmpty()).toList();
        ranked.forEach(this::leave);
        change.run();
        ranked.forEach(line -> enter(line, true));
    }

    private Line lineOf(Waiting waiting) {
        return Optional.ofNullable(lines.get(waiting.line())).orElseThrow();
    }

    private WaitReason reason(Line line) {
        return line.parking()
                .map(Line.Parking::reason)
                .orElse(
                        withoutTarget.contains(line.key().model())
                                ? WaitReason.PROVIDER_LIMIT
                                : WaitReason.TURN);
    }

    private static boolean precedes(Waiting one, Waiting other) {
        int tiers = one.line().tier().compareTo(other.line().tier());
        return tiers < 0 || (tiers == 0 && one.number() < other.number());
    }
}
