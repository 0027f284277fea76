package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.simulatedprovider.ledger.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The provider's bill beside our own books, in tokens.
 *
 * @param billed what the provider's ledger says of all calls
 * @param used what the usage records say
 * @param wasted what the ledger says of calls whose outcome the waste records call unknown
 */
record Bill(long billed, long used, long wasted) {

    private record Attempt(String job, String number) {}

    /**
     * Compares job by job: what is billed for a job is in its usage record, but for the attempts
     * that are in a waste record each. A waste record's own figure is an estimate and not compared.
     */
    static Bill checked(Topics topics, List<Call> calls) {
        Set<Attempt> unknown =
                topics.waste().stream().map(Bill::attempt).collect(Collectors.toSet());
        Map<String, Long> known = new HashMap<>();
        long billed = 0;
        long wasted = 0;
        for (Call call : calls) {
            long tokens = tokens(call);
            billed += tokens;
            if (unknown.contains(attempt(call))) {
                wasted += tokens;
            } else {
                known.merge(call.started().job(), tokens, Long::sum);
            }
        }
        Map<String, Long> usage =
                topics.usage().stream()
                        .collect(Collectors.toMap(UsageRecord::getJobId, Bill::tokens));
        known.forEach((job, tokens) ->
                assertThat(usage.get(job)).as("tokens charged for %s", job).isEqualTo(tokens));
        long used = usage.values().stream().mapToLong(Long::longValue).sum();
        assertThat(used + wasted).as("usage + waste").isEqualTo(billed);
        return new Bill(billed, used, wasted);
    }

    private static Attempt attempt(WasteRecord waste) {
        return new Attempt(waste.getJobId(), Integer.toString(waste.getAttempt()));
    }

    private static Attempt attempt(Call call) {
        return new Attempt(call.started().job(), call.started().attempt());
    }

    private static long tokens(UsageRecord usage) {
        return usage.getUsage().getInputTokens() + usage.getUsage().getOutputTokens();
    }

    private static long tokens(Call call) {
        return switch (call) {
            case Call.Running _ -> 0;
            case Call.Finished(var _, var ended) -> ended.inputTokens() + ended.outputTokens();
        };
    }

    @Override
    public String toString() {
        return "%,d tokens billed = %,d in usage + %,d of calls in waste"
                .formatted(billed, used, wasted);
    }
}
