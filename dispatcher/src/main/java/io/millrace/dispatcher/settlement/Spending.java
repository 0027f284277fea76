package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.UsageRecord;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Adds usage to a tenant's settled sums; days and months are UTC. */
final class Spending {

    private static final LocalDate EPOCH = LocalDate.EPOCH;

    private Spending() {}

    static SpendLedger plus(SpendLedger before, UsageRecord usage) {
        LocalDate date = usage.getCompletedAt().atZone(ZoneOffset.UTC).toLocalDate();
        int day = Math.toIntExact(date.toEpochDay());
        int month = Math.toIntExact(ChronoUnit.MONTHS.between(EPOCH, date.withDayOfMonth(1)));
        long input = usage.getUsage().getInputTokens();
        long output = usage.getUsage().getOutputTokens();
        long tokens = Math.addExact(input, output);
        long cost = usage.getCostNanoUsd();
        boolean sameDay = before.getDay() == day;
        boolean sameMonth = before.getMonth() == month;
        return SpendLedger.newBuilder(before)
                .setJobs(before.getJobs() + 1)
                .setInputTokens(Math.addExact(before.getInputTokens(), input))
                .setOutputTokens(Math.addExact(before.getOutputTokens(), output))
                .setCostNanoUsd(Math.addExact(before.getCostNanoUsd(), cost))
                .setDay(day)
                .setDayCostNanoUsd((sameDay ? before.getDayCostNanoUsd() : 0) + cost)
                .setDayTokens((sameDay ? before.getDayTokens() : 0) + tokens)
                .setMonth(month)
                .setMonthCostNanoUsd((sameMonth ? before.getMonthCostNanoUsd() : 0) + cost)
                .setMonthTokens((sameMonth ? before.getMonthTokens() : 0) + tokens)
                .build();
    }
}
