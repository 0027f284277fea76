package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.submit;

import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Usage;
import java.time.Instant;
import java.util.List;

/** Terminal endings for tests. */
final class Terminals {

    private Terminals() {}

    static Terminal of(int number, String tenant, long cost) {
        return new Terminal(
                result(number, tenant, cost), usage(number, tenant, cost, NOON), List.of());
    }

    static UsageRecord usage(int number, String tenant, long cost, Instant completedAt) {
        return UsageRecord.newBuilder()
                .setJobId(jobId(number))
                .setTenant(tenant)
                .setKeyId("key")
                .setModel("m")
                .setEndpoint("/v1/embeddings")
                .setTier(Tier.DEFAULT)
                .setStatus(JobStatus.COMPLETED)
                .setUsage(Usage.of(3, 4).toRecord())
                .setCostNanoUsd(cost)
                .setStartedAt(NOON)
                .setCompletedAt(completedAt)
                .build();
    }

    static WasteRecord waste(int number, String tenant) {
        return WasteRecord.newBuilder()
                .setJobId(jobId(number))
                .setTenant(tenant)
                .setAttempt(1)
                .setModel("m")
                .setProvider("p")
                .setTarget("t")
                .setReason("deadline")
                .setEstimate(Usage.of(1, 1).toRecord())
                .setStartedAt(NOON)
                .setDeclaredAt(NOON)
                .build();
    }

    private static InferenceResult result(int number, String tenant, long cost) {
        return InferenceResult.newBuilder()
                .setJobId(jobId(number))
                .setTenant(tenant)
                .setStatus(JobStatus.COMPLETED)
                .setEndpoint("/v1/embeddings")
                .setModel("m")
                .setUsage(Usage.of(3, 4).toRecord())
                .setCostNanoUsd(cost)
                .setAcceptedAt(submit(number).getAcceptedAt())
                .setCompletedAt(NOON)
                .build();
    }
}
