package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.RateLeft;
import io.millrace.schemas.id.TenantId;
import org.jspecify.annotations.Nullable;

/** Tells what is left of the limits a minute that bind a caller. Thread-safe. */
@FunctionalInterface
public interface RatesLeft {

    /**
     * What is left.
     *
     * @param requests of requests a minute; null without such a limit, or when nobody tells
     * @param tokens of tokens a minute, likewise
     */
    record Left(@Nullable RateLeft requests, @Nullable RateLeft tokens) {

        /** Nothing is known, or nothing binds. */
        static final Left NOTHING = new Left(null, null);
    }

    /** Returns what is left for a tenant's key and a model, within a tenth of a second. */
    Left of(TenantId tenant, String keyId, String model);
}
