package io.millrace.ingress.jobs;

import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.util.Collection;
import java.util.Map;

/** Where jobs stand that have not ended: who owns their slots, and what these tell. */
public final class LiveJobs implements Standings, AutoCloseable {

    private final SlotOwners owners;
    private final DispatcherStandings standings;

    /** Makes what listens to dispatchers and asks them. */
    public LiveJobs(ServiceEnvironment env, Codecs codecs) {
        this.owners = new SlotOwners(env.kafka(), codecs.capacity(), env.process(), env.clock());
        this.standings =
                new DispatcherStandings(
                        owners::owner, new Slots(env.kafka().config().slots()), env.internal());
    }

    /** Begins to listen; returns at once. */
    public void start() {
        owners.start();
    }

    @Override
    public Map<String, Standing> of(Collection<JobId> jobs, TenantId tenant) {
        return standings.of(jobs, tenant);
    }

    @Override
    public void close() {
        standings.close();
        owners.close();
    }
}
