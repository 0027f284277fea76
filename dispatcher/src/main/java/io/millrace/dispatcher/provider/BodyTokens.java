package io.millrace.dispatcher.provider;

import io.millrace.schemas.money.TokenEstimate;
import io.millrace.schemas.money.Tokens;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;

/** Estimates the tokens of a body that is not parsed yet. */
public final class BodyTokens {

    private BodyTokens() {}

    /**
     * Returns the estimate for the body of an endpoint.
     *
     * @param defaultOutput output tokens when the body names no maximum
     */
    public static TokenEstimate of(String endpoint, byte[] body, Tokens defaultOutput) {
        try {
            return TokenEstimate.of(endpoint, Json.parse(body), defaultOutput);
        } catch (MalformedJsonException e) {
            return new TokenEstimate(Tokens.NONE, Tokens.NONE); // it will be refused
        }
    }
}
