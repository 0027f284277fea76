package io.millrace.schemas.money;

import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.avro.WindowBucket;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The settled sums of a tenant, or of one of its keys or models, while more is added to them. Days
 * and months are UTC.
 *
 * <p>What ended on a day before the one the daily sums are of counts for no day any more: two
 * completions around midnight may be settled in either order. Not thread-safe.
 */
public final class SpendTally {

    /**
     * Seconds for which a start counts in a window of a minute: the second itself, the minute after
     * it, and one more for what lies between the decision and the provider's own clock.
     */
    public static final int WINDOW_SECONDS = 62;

    private long jobs;
    private long inputTokens;
    private long outputTokens;
    private long cost;
    private int day;
    private long dayCost;
    private long dayTokens;
    private int month;
    private long monthCost;
    private long monthTokens;
    private long latest = Long.MIN_VALUE;
    private final NavigableMap<Long, WindowBucket> window = new TreeMap<>();

    private SpendTally() {}

    /** Returns the tally that goes on from those sums. */
    public static SpendTally from(SpendLedger before) {
        SpendTally tally = new SpendTally();
        tally.jobs = before.getJobs();
        tally.inputTokens = before.getInputTokens();
        tally.outputTokens = before.getOutputTokens();
        tally.cost = before.getCostNanoUsd();
        tally.day = before.getDay();
        tally.dayCost = before.getDayCostNanoUsd();
        tally.dayTokens = before.getDayTokens();
        tally.month = before.getMonth();
        tally.monthCost = before.getMonthCostNanoUsd();
        tally.monthTokens = before.getMonthTokens();
        before.getWindow().forEach(each -> tally.window.put(each.getSecond(), each));
        return tally;
    }

    /** Adds a job that ended at that time. */
    public void add(TokenUsage usage, NanoDollars charged, Instant at) {
        LocalDate date = at.atZone(ZoneOffset.UTC).toLocalDate();
        enter(date);
        long tokens = Math.addExact(usage.getInputTokens(), usage.getOutputTokens());
        jobs++;
        inputTokens = Math.addExact(inputTokens, usage.getInputTokens());
        outputTokens = Math.addExact(outputTokens, usage.getOutputTokens());
        cost = Math.addExact(cost, charged.amount());
        if (dayOf(date) == day) {
            dayCost = Math.addExact(dayCost, charged.amount());
            dayTokens = Math.addExact(dayTokens, tokens);
        }
        if (monthOf(date) == month) {
            monthCost = Math.addExact(monthCost, charged.amount());
            monthTokens = Math.addExact(monthTokens, tokens);
        }
        latest = Math.max(latest, at.getEpochSecond());
    }

    /** Adds a call that started at that time. */
    public void draw(Instant at, long tokens) {
        long second = at.getEpochSecond();
        WindowBucket before = window.getOrDefault(second, new WindowBucket(second, 0L, 0L));
        window.put(
                second,
                new WindowBucket(second, before.getRequests() + 1, before.getTokens() + tokens));
        latest = Math.max(latest, second);
    }

    /** Begins the day and month of that time, if they are later than those of the sums. */
    public void enter(Instant now) {
        enter(now.atZone(ZoneOffset.UTC).toLocalDate());
    }

    private void enter(LocalDate date) {
        if (dayOf(date) > day) {
            day = dayOf(date);
            dayCost = 0;
            dayTokens = 0;
        }
        if (monthOf(date) > month) {
            month = monthOf(date);
            monthCost = 0;
            monthTokens = 0;
        }
    }

    /** Returns how many jobs ended. */
    public long jobs() {
        return jobs;
    }

    /** Returns the nano-dollars of the day. */
    public long dayCost() {
        return dayCost;
    }

    /** Returns the tokens of the day. */
    public long dayTokens() {
        return dayTokens;
    }

    /** Returns the nano-dollars of the month. */
    public long monthCost() {
        return monthCost;
    }

    /** Returns the tokens of the month. */
    public long monthTokens() {
        return monthTokens;
    }

    /** Returns the sums, with what of the window may still count at the time of the last change. */
    public SpendLedger toLedger() {
        long oldest = latest == Long.MIN_VALUE ? latest : latest - WINDOW_SECONDS + 1;
        Map<Long, WindowBucket> counting = window.tailMap(oldest, true);
        return new SpendLedger(
                jobs,
                inputTokens,
                outputTokens,
                cost,
                day,
                dayCost,
                dayTokens,
                month,
                monthCost,
                monthTokens,
                List.copyOf(counting.values()));
    }

    private static int dayOf(LocalDate date) {
        return Math.toIntExact(date.toEpochDay());
    }

    private static int monthOf(LocalDate date) {
        return Math.toIntExact(ChronoUnit.MONTHS.between(LocalDate.EPOCH, date.withDayOfMonth(1)));
    }
}
