package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.avro.UsageRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Bills for tests. */
final class Bills {

    private Bills() {}

    /** Ten input and two output tokens for 1,000 nano-dollars. */
    static UsageRecord.Builder of(String tenant, Instant completedAt) {
        return UsageRecord.newBuilder()
                .setJobId("job_00")
                .setTenant(tenant)
                .setKeyId("key-1")
                .setProject("search")
                .setModel("small")
                .setProvider("sim")
                .setTarget("small-1")
                .setEndpoint("/v1/chat/completions")
                .setTier(Tier.DEFAULT)
                .setBatch(false)
                .setStatus(JobStatus.COMPLETED)
                .setUsage(tokens(10, 2, 4, 1, false))
                .setAttempts(1)
                .setPriceVersion(1)
                .setCostNanoUsd(1_000)
                .setStartedAt(completedAt.minusSeconds(1))
                .setCompletedAt(completedAt);
    }

    static TokenUsage tokens(
            long input, long output, long cached, long reasoning, boolean estimated) {
        return TokenUsage.newBuilder()
                .setInputTokens(input)
                .setOutputTokens(output)
                .setCachedInputTokens(cached)
                .setReasoningTokens(reasoning)
                .setEstimated(estimated)
                .build();
    }

    /** Any bill of the three days before an instant. */
    static UsageRecord drawn(RandomGenerator random, Instant before) {
        long input = random.nextLong(5_000);
        long output = random.nextLong(1_000);
        return of("tenant-" + random.nextInt(5), before.minusSeconds(random.nextInt(259_200)))
                .setKeyId("key-" + random.nextInt(2))
                .setProject(random.nextBoolean() ? "" : "search")
                .setModel("model-" + random.nextInt(3))
                .setTier(any(random, Tier.values()))
                .setBatch(random.nextBoolean())
                .setStatus(any(random, JobStatus.values()))
                .setUsage(
                        tokens(
                                input,
                                output,
                                random.nextLong(input + 1),
                                random.nextLong(output + 1),
                                random.nextBoolean()))
                .setAttempts(random.nextInt(4))
                .setCostNanoUsd(random.nextLong(1_000_000_000))
                .build();
    }

    private static <T> T any(RandomGenerator random, T[] values) {
        return Arrays.asList(values).get(random.nextInt(values.length));
    }
}
