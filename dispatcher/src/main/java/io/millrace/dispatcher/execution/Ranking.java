package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.Tier;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The lines that may start something, in the order of the fair share: of a tier the tenant with the
 * least tokens for its weight first, and the tiers in theirs, but for {@link LateRamp}. Choosing
 * costs a step for each model and the depth of a tree. Not thread-safe.
 */
final class Ranking {

    private final Map<Tier, Map<String, NavigableSet<Line>>> open = new EnumMap<>(Tier.class);
    private final Set<String> withoutTarget = new HashSet<>();
    private final LateRamp ramp = new LateRamp();
    private double level;
    private long turns;

    /** Returns the counter of the tenant that was served last, or of one before if it is higher. */
    double level() {
        return level;
    }

    /** Targets may have room again: models without one are asked anew. */
    void targetsChanged() {
        withoutTarget.clear();
    }

    /** Takes note that no target of a model has room. */
    void noTarget(String model) {
        withoutTarget.add(model);
    }

    /** Returns whether a model was found to have no target with room. */
    boolean isWithoutTarget(String model) {
        return withoutTarget.contains(model);
    }

    /** Returns the line whose turn it is. */
    Optional<Line> best(Instant now) {
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
    void served(Line line, Waiting first, Instant now) {
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
                    line.served(++turns);
                });
    }

    /**
     * Takes a line in that may start something.
     *
     * @param wasActive whether its tenant had another: else it has saved nothing by its idleness
     */
    void enter(Line line, boolean wasActive) {
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

    /** Takes a line out, if it is in. */
    void leave(Line line) {
        Map<String, NavigableSet<Line>> models =
                open.getOrDefault(line.key().tier(), new TreeMap<>());
        NavigableSet<Line> ranked = models.get(line.key().model());
        if (ranked != null && ranked.remove(line) && ranked.isEmpty()) {
            models.remove(line.key().model());
        }
    }

    /** Changes what the order depends on, for all lines of a tenant. */
    void reordered(Share share, Runnable change) {
        List<Line> ranked =
                share.lines().stream().filter(line -> line.parking().isEmpty()).toList();
        ranked.forEach(this::leave);
        change.run();
        ranked.forEach(line -> enter(line, true));
    }
}
