package io.millrace.ingress.jobs;

import io.millrace.ingress.control.Control;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

/** Where jobs stand that have not ended: who owns their slots, and what these tell. */
public final class LiveJobs implements Standings, RatesLeft, AutoCloseable {

    private final SlotOwners owners;
    private final OwnerClient client;
    private final DispatcherStandings standings;
    private final OwnersRates rates;

    /** Makes what listens to dispatchers and asks them. */
    public LiveJobs(ServiceEnvironment env, Codecs codecs, Supplier<Control> control) {
        this.owners = new SlotOwners(env.kafka(), codecs.capacity(), env.process(), env.clock());
        this.client =
                new OwnerClient(
                        owners::owner, new Slots(env.kafka().config().slots()), env.internal());
        this.standings = new DispatcherStandings(client);
        this.rates = new OwnersRates(control, client, env.clock());
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
    public Left of(TenantId tenant, String keyId, String model) {
        return rates.of(tenant, keyId, model);
    }

    @Override
    public void close() {
        client.close();
        owners.close();
    }
}
