package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Origin;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.time.Instant;

/** What a tenant is told of a record that is no job: a result that failed before it began. */
final class Refusals {

    private static final int MOST_CHARS = 1_000;
    private static final int BAD_REQUEST = 400;

    private Refusals() {}

    static InferenceResult answer(
            JobId id,
            TenantId tenant,
            WrongRecordException wrong,
            Origin origin,
            Instant appendedAt,
            Instant now) {
        String said = wrong.said();
        return InferenceResult.newBuilder()
                .setJobId(id.value())
                .setTenant(tenant.value())
                .setStatus(JobStatus.FAILED)
                .setHttpStatus(BAD_REQUEST)
                .setError(
                        new ErrorDetail(
                                wrong.reason(),
                                said.length() > MOST_CHARS
                                        ? said.substring(0, MOST_CHARS) + "…"
                                        : said,
                                "invalid_request_error",
                                wrong.param().isEmpty() ? null : wrong.param()))
                .setEndpoint("")
                .setModel("")
                .setUsage(TokenUsage.newBuilder().build())
                .setAcceptedAt(appendedAt)
                .setCompletedAt(now)
                .setSource(origin.getPosition())
                .setOrigin(origin)
                .build();
    }
}
