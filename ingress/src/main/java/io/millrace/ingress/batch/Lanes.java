package io.millrace.ingress.batch;

import io.millrace.schemas.id.TenantId;

/** The lanes that batch lines are written to. */
@FunctionalInterface
interface Lanes {

    /**
     * Returns after the tenant's batch lane exists and its slot's owner was told of it lately.
     *
     * @throws RuntimeException when that cannot be done now
     */
    void open(TenantId tenant);
}
