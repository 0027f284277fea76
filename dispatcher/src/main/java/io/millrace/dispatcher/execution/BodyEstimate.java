package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.BodyTokens;
import io.millrace.dispatcher.routing.Route;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.money.TokenEstimate;
import io.millrace.schemas.money.Tokens;

/** Estimates tokens by the body, and by its size alone when it lies in the blob store. */
final class BodyEstimate implements Attempts.Estimate {

    private static final long BYTES_A_TOKEN = 4;

    @Override
    public TokenBounds of(Job job, Route route) {
        InferenceRequest request = job.submit().getRequest();
        Payload body = request.getBody();
        Tokens defaultOutput = route.maxOutput().orElse(Tokens.NONE);
        if (body.getInline() != null) {
            byte[] bytes = new byte[body.getInline().remaining()];
            body.getInline().duplicate().get(bytes);
            TokenEstimate estimate = BodyTokens.of(request.getEndpoint(), bytes, defaultOutput);
            return new TokenBounds(estimate.input(), estimate.maxOutput());
        }
        long size = body.getBlob() == null ? 0 : body.getBlob().getSize();
        return new TokenBounds(new Tokens(size / BYTES_A_TOKEN), defaultOutput);
    }
}
