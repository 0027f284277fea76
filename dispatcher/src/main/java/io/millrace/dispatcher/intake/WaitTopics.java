package io.millrace.dispatcher.intake;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.servicekit.kafka.Deployment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of wait lanes on demand, on threads of their own: what is read meanwhile waits
 * in memory, and no slot for the cluster. Thread-safe.
 */
final class WaitTopics {

    private static final Logger LOG = LoggerFactory.getLogger(WaitTopics.class);

    private final Set<TenantId> made = ConcurrentHashMap.newKeySet();
    private final Set<TenantId> underWay = ConcurrentHashMap.newKeySet();
    private final Deployment deployment;
    private final short replicationFactor;

    WaitTopics(Deployment deployment, short replicationFactor) {
        this.deployment = deployment;
        this.replicationFactor = replicationFactor;
    }

    /** Returns whether a tenant's wait lane is made; when it is not, begins to make it. */
    boolean exists(TenantId tenant) {
        if (made.contains(tenant)) {
            return true;
        }
        if (underWay.add(tenant)) {
            Thread.ofVirtual().name("wait-lane").start(() -> make(tenant));
        }
        return false;
    }

    private void make(TenantId tenant) {
        try {
            deployment.ensure(
                    List.of(
                            new NewTopic(TenantTopics.waitLane(tenant), 1, replicationFactor)
                                    .configs(TenantTopics.untilDone())));
            made.add(tenant);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("tenant", tenant).setCause(e).log("wait lane is not made");
        } finally {
            underWay.remove(tenant);
        }
    }
}
