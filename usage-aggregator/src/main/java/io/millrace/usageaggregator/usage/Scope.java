package io.millrace.usageaggregator.usage;

import io.millrace.schemas.id.TenantId;

/** Whose cells may be seen. */
public sealed interface Scope {

    /** Those of every tenant. */
    record Everyone() implements Scope {}

    /** Those of one tenant. */
    record Only(TenantId tenant) implements Scope {}
}
